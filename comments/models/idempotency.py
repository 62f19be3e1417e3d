"""Responses stored for idempotent requests."""

from typing import ClassVar

from django.db import models


class IdempotencyKey(models.Model):
    """A POST with this `Idempotency-Key`, and the response to replay when it is retried.

    See draft-ietf-httpapi-idempotency-key-header. `scope` is the caller and the route,
    `fingerprint` the digest of the request's body. The response is encrypted, since it may hold
    links, tokens and secrets; `created_id` is the id in it. Purged after a day.
    """

    scope = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    answer = models.TextField()
    created_id = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_idempotency_key")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
