"""Policies: what an owner sets for a site, stored as revisions.

`Policy` is the list of policy fields. The serializer of the API, the form of the desk, the change
list of a revision and the simulation derive from it.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.public_text import PublicTitleField
from moderation.models.policy_choices import (
    CONFIRM_EMAIL,
    LEARNING_CHOICES,
    NEAR_DUPLICATES,
    SCORE_USE,
    SECTIONS,
)
from moderation.models.policy_fields import (
    IgnoredWordsField,
    ThresholdsField,
    WordListField,
    usable_together,
)
from moderation.models.policy_revisions import PolicyQuerySet
from moderation.rules.learning import LearningMode
from moderation.rules.presets import PRESET_FIELDS, Preset, ScoreUse, adjusted, preset_of
from moderation.rules.verdicts import STATE, ConfirmEmail, NearDuplicates, Rules, Threshold

# Seconds between two comments in slow mode: a day.
LONGEST_WAIT = 24 * 60 * 60
LONGEST_MESSAGE = 300


class Policy(models.Model):
    """The policy of a site. A change is a new row: old decisions keep the policy they used.

    Where `thresholds` lack a category, the classifier's recommended threshold applies.
    """

    # Fields that describe the revision, not the policy.
    REVISION_FIELDS = ("id", "site", "revision", "created_at", "created_by")
    # The names of the policy fields, in the order of the model: everything else.
    FIELDS: ClassVar[tuple[str, ...]]
    # Those of them that are word lists.
    WORD_LISTS: ClassVar[tuple[str, ...]]
    # The sections of the owners' form. Each policy field stands in one of them.
    SECTIONS: ClassVar = SECTIONS

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="policies", verbose_name=_("site")
    )
    revision = models.PositiveIntegerField()
    thresholds = ThresholdsField(_("thresholds"), default=dict, blank=True)
    learning = models.CharField(
        _("learning from decisions"),
        max_length=8,
        choices=LEARNING_CHOICES,
        default=LearningMode.SHADOW.value,
        help_text=_("What becomes of a classifier that learned here and proved to be better."),
    )
    ignored_words = IgnoredWordsField(
        _("words that teach nothing"),
        default=list,
        blank=True,
        help_text=_("Words from which the classifier learns nothing here, in lower case."),
    )
    audit_percent = models.PositiveSmallIntegerField(
        _("blind audit"),
        default=1,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "So many of 100 comments that the rules published or refused are shown to your "
            "moderators unmarked, 20 a day at most; 0 for none. What is public stays public "
            "meanwhile."
        ),
    )
    score_use = models.CharField(
        _("use of scores"),
        max_length=10,
        choices=list(SCORE_USE.items()),
        default=ScoreUse.MEASURED.value,
        help_text=_("What is done with the numbers that the classifier recommends."),
    )
    hold_all = models.BooleanField(
        _("everything waits"),
        default=False,
        help_text=_("A person looks at every comment before it is published."),
    )
    hold_guests = models.BooleanField(
        _("hold guests"),
        default=False,
        help_text=_("A person looks at what comes from readers whom your site has not signed on."),
    )
    hold_first_comment = models.BooleanField(
        _("hold first comment"),
        default=False,
        help_text=_("A person looks at the first comment of every new author."),
    )
    publish_trusted = models.BooleanField(
        _("publish trusted"),
        default=True,
        help_text=_("Trusted authors are not held for a score or for links."),
    )
    trust_after = models.PositiveSmallIntegerField(
        _("trust after"),
        default=3,
        help_text=_("An author is trusted after this many approved comments, none refused."),
    )
    confirm_email = models.CharField(
        _("confirm addresses"),
        max_length=8,
        choices=list(CONFIRM_EMAIL.items()),
        default=ConfirmEmail.NEVER.value,
        help_text=_(
            "Whether writers are sent a mail to confirm the address: once for each browser."
        ),
    )
    tell_authors = models.BooleanField(
        _("tell authors"),
        default=False,
        help_text=_(
            "Authors whose address is confirmed get a mail when a person publishes or "
            "refuses their comment, and when it is refused at once. Those who asked for replies do."
        ),
    )
    max_links = models.PositiveSmallIntegerField(
        _("max links"), default=8, help_text=_("A comment with more links than this is held.")
    )
    near_duplicates = models.CharField(
        _("near-duplicates of what was refused"),
        max_length=10,
        choices=list(NEAR_DUPLICATES.items()),
        default=NearDuplicates.HOLD.value,
        help_text=_(
            "What becomes of comments that are nearly the same as one that a moderator "
            "called spam or rejected, in any discussion of the site."
        ),
    )
    held_words = WordListField(
        _("held words"),
        default=list,
        blank=True,
        help_text=_("Words that hold a comment; * stands for any letters, /…/ is an RE2 pattern."),
    )
    rejected_words = WordListField(
        _("rejected words"),
        default=list,
        blank=True,
        help_text=_(
            "Words that reject a comment; * stands for any letters, /…/ is an RE2 pattern."
        ),
    )
    reports_to_hold = models.PositiveSmallIntegerField(
        _("reports to hold"),
        default=3,
        help_text=_("A comment that so many readers report is held."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close after days"),
        null=True,
        blank=True,
        help_text=_("Threads take no comments after this many days."),
    )
    members_only = models.BooleanField(
        _("members only"),
        default=False,
        help_text=_("Readers whom your site has signed on may write, and nobody else."),
    )
    slow_seconds = models.PositiveIntegerField(
        _("slow mode"),
        default=0,
        validators=[MaxValueValidator(LONGEST_WAIT)],
        help_text=_("Seconds between two comments of one reader on the same page; 0 for none."),
    )
    paused = models.BooleanField(
        _("paused"),
        default=False,
        help_text=_("Nobody may write for now; what is published can be read."),
    )
    pause_message = PublicTitleField(
        _("pause message"),
        max_length=LONGEST_MESSAGE,
        blank=True,
        help_text=_("What readers see while it is paused, in place of the form."),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )

    objects: ClassVar = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("house rules")
        ordering = ("site", "-revision")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "revision"], name="one_policy_per_revision")
        ]

    def __str__(self) -> str:
        text = gettext("House rules of %(site)s, revision %(number)s")
        return text % {"site": self.site, "number": self.revision}

    def clean(self) -> None:
        """Raise ValidationError where the word lists cost too much together."""
        usable_together(getattr(self, name) for name in Policy.WORD_LISTS)

    @property
    def preset(self) -> str:
        """The name of the preset that the policy follows; "" for rules of its owner's own."""
        return preset_of({name: getattr(self, name) for name in PRESET_FIELDS})

    def follow(self, preset: Preset) -> None:
        """Take over the values of a preset; the fields that it is not about stay."""
        for name, value in preset.values.items():
            setattr(self, name, value)

    def rules(self, recommended: Mapping[str, Mapping[str, float]]) -> Rules:
        """Return the fields that decide, with `recommended` thresholds where none are set."""
        names = {field.name for field in fields(Rules)} - STATE
        copied: dict[str, Any] = {name: getattr(self, name) for name in names}
        merged: dict[str, Any] = {**adjusted(recommended, self.score_use), **self.thresholds}
        copied["thresholds"] = {
            category: Threshold(float(limits["hold_at"]), float(limits["reject_at"]))
            for category, limits in merged.items()
        }
        copied = {k: tuple(v) if isinstance(v, list) else v for k, v in copied.items()}
        return Rules(**copied)


Policy.FIELDS = tuple(
    field.name for field in Policy._meta.fields if field.name not in Policy.REVISION_FIELDS
)
Policy.WORD_LISTS = tuple(
    field.name for field in Policy._meta.fields if isinstance(field, WordListField)
)
