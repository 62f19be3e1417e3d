"""Pictures of signed-on readers, fetched once and served from here."""

import uuid
from typing import ClassVar

from django.db import models

from comments.models.site import Site
from comments.privacy.encrypted_field import EncryptedTextField


class Picture(models.Model):
    """A picture that a site's sign-on named, by a random id that tells nothing of its address.

    `content` is a WebP of `comments.accounts.picture_decoder`, or empty: not fetched yet, or no
    picture. The address may hold a hash of an email address, so it is kept encrypted and looked up
    by its digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="pictures", db_index=False)
    url = EncryptedTextField()
    url_digest = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    # When it was last named, and when it was last asked for: none while it waits.
    used_at = models.DateTimeField(db_index=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "url_digest"], name="one_picture_per_address")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["used_at"], name="picture_waiting", condition=models.Q(fetched_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Picture {self.pk}"
