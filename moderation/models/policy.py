"""Policies: a site's house rules, kept as revisions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from comments.models import Site, Thread
from moderation.rules import wordlists
from moderation.rules.verdicts import Rules, Threshold


def usable_words(words: list[str]) -> None:
    """Raise ValidationError for a list with a line that is no word and no pattern."""
    try:
        wordlists.check(words)
    except wordlists.InvalidWord as error:
        raise ValidationError(str(error), "unusable") from None


class ConfirmEmail(models.TextChoices):
    """Whether an address must be shown to be the writer's own."""

    NEVER = "never", "Never"
    FIRST = "first", "Before the first comment is published"
    TRUST = "trust", "Before an author is trusted"


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Policies, as sites use them."""

    def current(self, site: Site) -> "Policy":
        """Return the newest policy of a site; one of defaults where it never set any."""
        newest = self.filter(site=site).order_by("-revision").first()
        return newest or Policy(site=site, revision=0)

    def close(self, thread: Thread, *, now: datetime) -> bool:
        """Tell whether a thread takes no more comments, by its site's newest policy or by hand."""
        if thread.closed_at and thread.closed_at <= now:
            return True
        newest = self.filter(site=thread.site_id).order_by("-revision")
        days = newest.values_list("close_after_days", flat=True).first()
        return days is not None and now - thread.created_at > timedelta(days=days)

    @transaction.atomic
    def append(self, policy: "Policy") -> "Policy":
        """Store a policy as the next revision of its site; two at once wait for each other."""
        Site.objects.select_for_update().get(pk=policy.site_id)
        policy.pk, policy._state.adding = None, True
        policy.revision = self.current(policy.site).revision + 1
        policy.save()
        return policy


class Policy(models.Model):
    """The house rules of a site. A change is a new row: old decisions keep the rules they used.

    `thresholds` maps a category to `{"hold_at": …, "reject_at": …}`, scores from 0 to 1; where a
    category is missing, the classifier's own recommendation counts.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="policies")
    revision = models.PositiveIntegerField()
    thresholds = models.JSONField(default=dict, blank=True)
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
        choices=ConfirmEmail,
        default=ConfirmEmail.NEVER,
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
    held_words = models.JSONField(
        default=list,
        blank=True,
        validators=[usable_words],
        help_text="Words that hold a comment; * stands for any letters, /…/ is an RE2 pattern.",
    )
    rejected_words = models.JSONField(
        default=list,
        blank=True,
        validators=[usable_words],
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
        """Return what decides, with the classifier's `recommended` thresholds where none is set."""
        merged: dict[str, Any] = {**recommended, **self.thresholds}
        return Rules(
            thresholds={
                category: Threshold(float(limits["hold_at"]), float(limits["reject_at"]))
                for category, limits in merged.items()
            },
            hold_first_comment=self.hold_first_comment,
            publish_trusted=self.publish_trusted,
            trust_after=self.trust_after,
            confirm_addresses=self.confirm_email != ConfirmEmail.NEVER,
            confirm_first=self.confirm_email == ConfirmEmail.FIRST,
            max_links=self.max_links,
            held_words=tuple(self.held_words),
            rejected_words=tuple(self.rejected_words),
        )
