"""The rules by which comments are judged on their pages: those of the site, then of sections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from comments.models import Comment, Site
from moderation.decisions import audit
from moderation.models import Actor, AuditAction, Policy, SectionRules
from moderation.models.section_rules import claimed_address, policy_at
from moderation.rules.presets import Thresholds
from moderation.rules.verdicts import Rules

# How many changed sections an audit entry names.
MOST_TOLD = 50


@transaction.atomic
def replace(site: Site, rows: Sequence[SectionRules], *, by: Actor, now: datetime) -> None:
    """Set the rules of all sections of a site, and write to the audit log what changed."""
    Site.objects.select_for_update().get(pk=site.pk)
    before = {_told(row) for row in SectionRules.objects.filter(site=site)}
    after = {_told(row) for row in rows}
    if before == after:
        return
    SectionRules.objects.filter(site=site).delete()
    SectionRules.objects.bulk_create(rows)
    changed = sorted({f"{kind} {value}" for kind, value, *_ in before ^ after})
    detail = {"sections": len(rows), "changed": changed[:MOST_TOLD]}
    audit.record(AuditAction.SECTION_RULES_SET, site=site, by=by, now=now, detail=detail)


def _told(row: SectionRules) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in SectionRules.SETTINGS)


class RulesByPage:
    """The rules of one site's policy page by page, made once for each combination of sections."""

    def __init__(self, policy: Policy, site: Site, recommended: Thresholds) -> None:
        self._policy, self._site, self._recommended = policy, site, recommended
        self.sections = list(SectionRules.objects.filter(site=site))
        self._plain = policy.rules(recommended)
        self._rules: dict[tuple[int, ...], Rules] = {}
        self._covering: dict[UUID, tuple[SectionRules, ...]] = {}

    def of(self, comment: Comment) -> Rules:
        """Return the rules on a comment's page. Its thread is loaded where there are sections."""
        if not self.sections:
            return self._plain
        if claimed := _claimed(comment):
            comment.thread.site = self._site
            here = policy_at(self._policy, comment.thread, self.sections, claimed=claimed)
            return here.rules(self._recommended)
        covering = self._sections_of(comment)
        key = tuple(section.pk for section in covering)
        if key not in self._rules:
            here = policy_at(self._policy, comment.thread, covering)
            self._rules[key] = here.rules(self._recommended)
        return self._rules[key]

    def _sections_of(self, comment: Comment) -> tuple[SectionRules, ...]:
        if comment.thread_id not in self._covering:
            thread = comment.thread
            thread.site = self._site
            covering = tuple(section for section in self.sections if section.covers(thread))
            self._covering[comment.thread_id] = covering
        return self._covering[comment.thread_id]


def rules_at(
    comments: Iterable[Comment], policies: Mapping[Site, Policy], recommended: Thresholds
) -> Mapping[UUID, Rules]:
    """Return the rules for each of these comments, by their ids, in one query."""
    sections = defaultdict(list)
    for one in SectionRules.objects.filter(site__in=[site.pk for site in policies]):
        sections[one.site_id].append(one)
    plain = {site.pk: policy.rules(recommended) for site, policy in policies.items()}
    on_pages: dict[tuple[UUID, str], Rules] = {}
    rules: dict[UUID, Rules] = {}
    for comment in comments:
        site, own = comment.site, sections[comment.site_id]
        if not own:
            rules[comment.pk] = plain[site.pk]
            continue
        page = (comment.thread_id, _claimed(comment))
        if page not in on_pages:
            comment.thread.site = site
            here = policy_at(policies[site], comment.thread, own, claimed=page[1])
            on_pages[page] = here.rules(recommended)
        rules[comment.pk] = on_pages[page]
    return rules


def _claimed(comment: Comment) -> str:
    """Return where a comment's page is said to be, where we don't know it from elsewhere."""
    return "" if comment.thread.url else claimed_address(comment)
