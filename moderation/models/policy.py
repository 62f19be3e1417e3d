"""Policies: what an owner sets for a site, stored as revisions.

`Policy` is the list of policy fields. The serializer of the API, the form of the desk, the change
list of a revision and the simulation derive from it.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from comments.models import Site, Thread
from moderation.rules import wordlists
from moderation.rules.verdicts import ConfirmEmail, Rules, Threshold


def usable_words(words: list[str]) -> None:
    """Raise ValidationError for a list with a line that is no word and no pattern."""
    try:
        wordlists.check(words)
    except wordlists.InvalidWord as error:
        raise ValidationError(str(error), "unusable") from None


class WordListField(models.JSONField):
    """A list of words and patterns, as `moderation.rules.wordlists` reads them."""

    # Typed as Django types it.
    default_validators = [usable_words]  # noqa: RUF012


class ThresholdsField(models.JSONField):
    """`{category: {"hold_at": score, "reject_at": score}}`, with scores from 0 to 1."""


CONFIRM_EMAIL = {
    ConfirmEmail.NEVER.value: "Never",
    ConfirmEmail.FIRST.value: "Before the first comment is published",
    ConfirmEmail.TRUST.value: "Before an author is trusted",
}


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Query and append the policies of sites."""

    def current(self, site: Site) -> "Policy":
        """Return the newest policy of a site; unsaved defaults, revision 0, where it has none."""
        newest = self.filter(site=site).order_by("-revision").first()
        return newest or Policy(site=site, revision=0)

    def close(self, thread: Thread, *, now: datetime) -> bool:
        """Tell whether a thread is closed: by hand, or by age under its site's newest policy."""
        if thread.closed_at and thread.closed_at <= now:
            return True
        newest = self.filter(site=thread.site_id).order_by("-revision")
        days = newest.values_list("close_after_days", flat=True).first()
        return days is not None and now - thread.created_at > timedelta(days=days)

    @transaction.atomic
    def append(self, policy: "Policy") -> "Policy":
        """Store a policy as the next revision of its site.

        The row of the site is locked, so that concurrent calls get consecutive revisions.
        """
        Site.objects.select_for_update().get(pk=policy.site_id)
        policy.pk, policy._state.adding = None, True
        policy.revision = self.current(policy.site).revision + 1
        policy.save()
        return policy


class Policy(models.Model):
    """The policy of a site. A change is a new row: old decisions keep the policy they used.

    Where `thresholds` lack a category, the classifier's recommended threshold applies.
    """

    # Fields that describe the revision, not the policy.
    REVISION_FIELDS = ("id", "site", "revision", "created_at", "created_by")
    # The names of the policy fields, in the order of the model: everything else.
    FIELDS: ClassVar[tuple[str, ...]]
    # The sections of the owners' form. Each policy field stands in one of them.
    SECTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "Authors": (
            "confirm_email",
            "hold_first_comment",
            "publish_trusted",
            "trust_after",
            "tell_authors",
        ),
        "Words and links": ("max_links", "held_words", "rejected_words"),
        "Scores": ("thresholds",),
        "Readers and time": ("reports_to_hold", "close_after_days"),
    }

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="policies")
    revision = models.PositiveIntegerField()
    thresholds = ThresholdsField(default=dict, blank=True)
    hold_first_comment = models.BooleanField(
        default=False, help_text="A person looks at the first comment of every new author."
    )
    publish_trusted = models.BooleanField(
        default=True, help_text="Trusted authors are not held for a score or for links."
    )
    trust_after = models.PositiveSmallIntegerField(
        default=3, help_text="An author is trusted after this many approved comments, none refused."
    )
    confirm_email = models.CharField(
        "confirm addresses",
        max_length=8,
        choices=list(CONFIRM_EMAIL.items()),
        default=ConfirmEmail.NEVER.value,
        help_text="Whether the writer of a first comment is sent a mail to confirm the address.",
    )
    tell_authors = models.BooleanField(
        default=False,
        help_text="Authors whose address is confirmed get a mail when a person publishes or "
        "refuses their comment, and when it is refused at once. Those who asked for replies do.",
    )
    max_links = models.PositiveSmallIntegerField(
        default=2, help_text="A comment with more links than this is held."
    )
    held_words = WordListField(
        default=list,
        blank=True,
        help_text="Words that hold a comment; * stands for any letters, /…/ is an RE2 pattern.",
    )
    rejected_words = WordListField(
        default=list,
        blank=True,
        help_text="Words that reject a comment; * stands for any letters, /…/ is an RE2 pattern.",
    )
    reports_to_hold = models.PositiveSmallIntegerField(
        default=3, help_text="A comment that so many readers report is held."
    )
    close_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Threads take no comments after this many days."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    objects: ClassVar = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "house rules"
        ordering = ("site", "-revision")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "revision"], name="one_policy_per_revision")
        ]

    def __str__(self) -> str:
        return f"House rules of {self.site}, revision {self.revision}"

    def rules(self, recommended: Mapping[str, Mapping[str, float]]) -> Rules:
        """Return the fields that decide, with `recommended` thresholds where none are set."""
        copied: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(Rules)}
        merged: dict[str, Any] = {**recommended, **self.thresholds}
        copied["thresholds"] = {
            category: Threshold(float(limits["hold_at"]), float(limits["reject_at"]))
            for category, limits in merged.items()
        }
        copied = {k: tuple(v) if isinstance(v, list) else v for k, v in copied.items()}
        return Rules(**copied)


Policy.FIELDS = tuple(
    field.name for field in Policy._meta.fields if field.name not in Policy.REVISION_FIELDS
)
