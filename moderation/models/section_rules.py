"""House rules for a part of a site: a section, or one page. They count above those of the site."""

import copy
from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Site, Thread
from comments.models.page_identity import identities, normal_form
from comments.models.public_text import PublicTitleField
from comments.models.thread import digest
from moderation.models.policy import LONGEST_MESSAGE, LONGEST_WAIT, Policy
from moderation.rules.presets import PRESETS
from moderation.rules.strictness import STRICTER

MOST = 200
YES_OR_NO = [(None, _("As at the whole site")), (True, _("Yes")), (False, _("No"))]


class SectionKind(models.TextChoices):
    """What a section is told by, in the order in which they count: the last above the others."""

    TAG = "tag", _("Tag: what the pages themselves name as their section")
    PREFIX = "prefix", _("Beginning of the address, such as /blog/")
    PAGE = "page", _("One page, by its address or by your own key for it")


class SectionRules(models.Model):
    """The rules of the pages with a tag, of those below a path, or of one page.

    A preset sets the fields that it is about; what is empty or None is as at the whole site.
    """

    # The fields that count for a section as they do for the site, where they are set.
    FIELDS: ClassVar = ("hold_guests", "members_only", "slow_seconds", "paused", "pause_message")
    SETTINGS: ClassVar = ("kind", "value", "preset", *FIELDS)

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="section_rules", verbose_name=_("site")
    )
    kind = models.CharField(_("told by"), max_length=8, choices=SectionKind)
    value = models.CharField(
        _("value"), max_length=500, help_text=_("The tag, the path, or the page.")
    )
    preset = models.CharField(
        _("preset"),
        max_length=16,
        blank=True,
        choices=[("", _("As at the whole site")), *((n, _(p.name)) for n, p in PRESETS.items())],
    )
    hold_guests = models.BooleanField(_("hold guests"), null=True, blank=True, choices=YES_OR_NO)
    members_only = models.BooleanField(_("members only"), null=True, blank=True, choices=YES_OR_NO)
    slow_seconds = models.PositiveIntegerField(
        _("slow mode"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_WAIT)],
        help_text=_("Seconds between two comments of one reader on the same page."),
    )
    paused = models.BooleanField(_("paused"), null=True, blank=True, choices=YES_OR_NO)
    pause_message = PublicTitleField(
        _("pause message"),
        max_length=LONGEST_MESSAGE,
        blank=True,
        help_text=_("What readers see while it is paused, in place of the form."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("rules of sections")
        ordering = ("site", "kind", "value")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "kind", "value"],
                name="one_section_rules_per_section",
                violation_error_message=_("This section has rules already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().partition(':')[0]} {self.value}"

    def clean(self) -> None:
        """Raise ValidationError for a beginning that no address has."""
        self.value = self.value.strip()
        is_path = self.value.startswith("/") or "://" in self.value
        if self.kind == SectionKind.PREFIX and not is_path:
            raise ValidationError({"value": _("A path such as /blog/, or a whole address.")})

    def covers(self, thread: Thread) -> bool:
        """Return whether a page is in the section."""
        if self.kind == SectionKind.TAG:
            return bool(self.value.casefold() == thread.section.casefold())
        if self.kind == SectionKind.PREFIX:
            return _is_below(thread.url or thread.key, self.value)
        return thread.key_digest in map(digest, identities(self.value, thread.site.page_rules))

    @property
    def precision(self) -> tuple[int, int]:
        """By what the rules of several sections are sorted: the last count above the others."""
        kinds = list(SectionKind)
        return kinds.index(SectionKind(self.kind)), len(self.value)


def policy_at(
    policy: Policy, thread: Thread, sections: Iterable[SectionRules], *, claimed: str = ""
) -> Policy:
    """Return the policy of a site as it is on a page; not to be saved.

    `claimed` is where a reader's browser says that a page is whose address we don't know yet. What
    it says may be a lie, so the rules of that place count only as far as they are the stricter.
    """
    sections = list(sections)
    here = _policy_on(policy, thread, sections)
    if place := _claimed_place(thread, claimed) if sections else None:
        _tighten(here, _policy_on(policy, place, sections))
    return here


def claimed_address(comment: Comment) -> str:
    """Return where the browser of a comment's reader said that its page is; "" where unsaid."""
    page = comment.intake.get("page") or {}
    return str(page.get("url", ""))


def _claimed_place(thread: Thread, claimed: str) -> Thread | None:
    """Return a thread as if it stood at the claimed address of the site; not to be saved."""
    url = thread.site.page_url(claimed) if claimed and not thread.url else ""
    if not url or not thread.site.owns(url):
        return None
    place = copy.copy(thread)
    place.url = url
    return place


def _tighten(here: Policy, there: Policy) -> None:
    if there.paused and not here.paused:
        here.pause_message = there.pause_message
    for name, stricter in STRICTER.items():
        setattr(here, name, stricter(getattr(here, name), getattr(there, name)))


def _policy_on(policy: Policy, thread: Thread, sections: Iterable[SectionRules]) -> Policy:
    here = copy.copy(policy)
    for rules in sorted((one for one in sections if one.covers(thread)), key=_precision):
        if preset := PRESETS.get(rules.preset):
            here.follow(preset)
        for name in SectionRules.FIELDS:
            if (value := getattr(rules, name)) not in (None, ""):
                setattr(here, name, value)
    return here


def _precision(rules: SectionRules) -> tuple[int, int]:
    return rules.precision


def _is_below(url: str, prefix: str) -> bool:
    """Return whether a page is at or below a path, or an address: whole segments are compared."""
    page = urlsplit(normal_form(url))
    place = page.path if prefix.startswith("/") else f"{page.netloc}{page.path}"
    start = prefix if prefix.startswith("/") else prefix.partition("://")[2]
    return f"{place.rstrip('/')}/".startswith(f"{start.rstrip('/')}/")
