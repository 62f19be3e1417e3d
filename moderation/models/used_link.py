"""Links in email messages that were used to decide."""

from django.conf import settings
from django.db import models


class UsedLink(models.Model):
    """The nonce of a link by which a moderator has decided; none of its siblings works again."""

    nonce = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Used at {self.used_at}"
