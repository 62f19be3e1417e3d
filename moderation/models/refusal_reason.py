"""Refusal reasons: a site's own list of why comments are refused, which moderators choose from."""

from typing import ClassVar

from django.db import models

from comments.models import Site
from comments.models.ids import new_id
from moderation.rules.causes import CAUSES


class RefusalReason(models.Model):
    """A reason with what the author is told, what it teaches, and how it is counted.

    A decision copies what it needs, so that a reason can be changed or removed at any time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="refusal_reasons")
    key = models.SlugField(
        max_length=40, help_text="By which programs and the transparency report call it."
    )
    label = models.CharField(max_length=60, help_text="What moderators choose.")
    text = models.TextField(
        "told to the author",
        max_length=1000,
        blank=True,
        help_text="Empty: what the kind below says, in the reader's language.",
    )
    cause = models.CharField(
        "kind",
        max_length=16,
        choices=CAUSES,
        blank=True,
        help_text="What a refusal teaches the classifier; off topic and other teach nothing.",
    )
    is_illegal = models.BooleanField(
        "illegal content",
        default=False,
        help_text="Counted as illegal content in the transparency report, "
        "not as a breach of your own rules.",
    )
    position = models.PositiveSmallIntegerField(
        default=100, help_text="The smallest comes first. The first nine have a number key."
    )

    class Meta:
        verbose_name = "reason"
        verbose_name_plural = "reasons for refusals"
        ordering = ("site", "position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "key"],
                name="one_refusal_reason_per_key",
                violation_error_message="This site has a reason of that key already.",
            )
        ]

    def __str__(self) -> str:
        return self.label
