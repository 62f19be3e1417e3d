"""Refusal reasons: a site's own list of why comments are refused, which moderators choose from."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.ids import new_id
from moderation.rules.causes import CAUSES


class RefusalReason(models.Model):
    """A reason with what the author is told, what it teaches, and how it is counted.

    A decision copies what it needs, so that a reason can be changed or removed at any time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="refusal_reasons", verbose_name=_("site")
    )
    key = models.SlugField(
        _("key"),
        max_length=40,
        help_text=_("By which programs and the transparency report call it."),
    )
    label = models.CharField(_("label"), max_length=60, help_text=_("What moderators choose."))
    text = models.TextField(
        _("told to the author"),
        max_length=1000,
        blank=True,
        help_text=_("Empty: what the kind below says, in the reader's language."),
    )
    cause = models.CharField(
        _("kind"),
        max_length=16,
        choices=[(value, _(name)) for value, name in CAUSES],
        blank=True,
        help_text=_("What a refusal teaches the classifier; off topic and other teach nothing."),
    )
    is_illegal = models.BooleanField(
        _("illegal content"),
        default=False,
        help_text=_(
            "Counted as illegal content in the transparency report, "
            "not as a breach of your own rules."
        ),
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("The smallest comes first. The first nine have a number key."),
    )

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons for refusals")
        ordering = ("site", "position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "key"],
                name="one_refusal_reason_per_key",
                violation_error_message=_("This site has a reason of that key already."),
            )
        ]

    def __str__(self) -> str:
        return self.label
