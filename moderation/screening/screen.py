"""Screen comments automatically, in batches.

1. Claim comments under a lease, so that no two workers screen the same one.
2. Run every check over the batch.
3. Judge each comment's findings by the site's rules.
4. Record the decisions in one transaction. A worker that dies before that has changed nothing: its
   lease expires, and another one claims the comments.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from comments.models import Author, Comment, Site
from comments.models.author import AuthorRecord
from moderation.decisions.decide import DecisionRefused, Proposal, QueueEntry, decide
from moderation.models import DecisionSource, Finding, Policy, QueueReason, Screening
from moderation.rules.verdicts import Judgement, Reason, Rules, Verdict, judge
from moderation.screening import blind_audit, campaigns, classifier
from moderation.screening.checks import find_all
from moderation.screening.claims import claim, given_back_if_the_database_goes_away
from moderation.screening.contract import ScreeningSubject
from moderation.screening.external import inquiries
from moderation.screening.policy import sections
from moderation.screening.priority import UNKNOWN, risk

BATCH = 256
# A comment whose worker has died this often is held for a person.
MAX_ATTEMPTS = 3

log = logging.getLogger(__name__)


def screen(*, now: datetime, limit: int = BATCH) -> int:
    """Screen up to `limit` comments, and return how many were decided or deferred.

    Those that an external moderator is asked about are deferred until it answers. Returns 0 when
    there is none that no other worker has claimed.
    """
    lease = claim(limit, now=now)
    with given_back_if_the_database_goes_away(lease):
        return _screen(lease.attempts, now=now)


def _screen(claimed: Mapping[UUID, int], *, now: datetime) -> int:
    comments = list(
        Comment.objects.select_related("site", "author", "thread")
        .filter(pk__in=claimed)
        .order_by("pk")
    )
    if not comments:
        return 0
    exhausted = [comment for comment in comments if claimed[comment.pk] > MAX_ATTEMPTS]
    deferred = inquiries.defer([c for c in comments if c not in exhausted], now=now)
    ready = [c for c in comments if c not in exhausted and c.pk not in deferred]
    proposals = [_give_up(comment) for comment in exhausted]
    proposals += propose(ready, now=now)
    # Before they enter the queue, where near-duplicates are shown as one.
    kept = {p.comment_id for p in proposals if p.verdict is not Verdict.APPROVE}
    campaigns.assign([comment for comment in ready if comment.pk in kept], now=now)
    results = decide(proposals, now=now)
    return len(deferred) + sum(not isinstance(result, DecisionRefused) for result in results)


def sweep(*, now: datetime) -> int:
    """Screen until no comment is due, and return how many were decided or deferred.

    Includes comments whose message was lost (the broker was away), and those of dead workers.
    """
    inquiries.end_waiting(now=now)
    total, begun, moment = 0, monotonic(), now
    while decided := screen(now=moment):
        total += decided
        # A lease counts from its claim, however long the batches before it took.
        moment = now + timedelta(seconds=monotonic() - begun)
    return total


def rescreen(comments: Sequence[UUID]) -> int:
    """Make comments due for screening again; return how many. Moderators' decisions stay."""
    return len(
        Screening.objects.bulk_create(
            [Screening(comment_id=pk) for pk in comments], ignore_conflicts=True
        )
    )


def propose(comments: Sequence[Comment], *, now: datetime) -> list[Proposal]:
    """Return the rules' proposal for each comment, in their order; records nothing."""
    if not comments:
        return []
    policies = {site: Policy.objects.current(site) for site in {c.site for c in comments}}
    recommended = classifier.recommended_thresholds()
    rules = sections.rules_at(comments, policies, recommended)
    batch = [ScreeningSubject(c, _as_it_stands(rules[c.pk], c.site), now) for c in comments]
    findings = find_all(batch)
    judgements = [judge(findings[subject.comment.pk], subject.rules) for subject in batch]
    records = _records(batch, judgements)
    proposals = [
        _proposal(
            subject.comment,
            findings[subject.comment.pk],
            judgement,
            policy=policies[subject.comment.site],
            record=records.get(author, {}) if (author := subject.comment.author_id) else {},
        )
        for subject, judgement in zip(batch, judgements, strict=True)
    ]
    return blind_audit.draw(proposals, comments, policies, now=now)


def _as_it_stands(rules: Rules, site: Site) -> Rules:
    """Return the rules of a site that may be in a flood."""
    return replace(rules, in_flood=True) if site.in_flood else rules


def _records(
    batch: Sequence[ScreeningSubject], judgements: Sequence[Judgement]
) -> Mapping[UUID, AuthorRecord]:
    """Return the records of the authors of held comments, which go into the priority."""
    authors = {
        subject.comment.author_id
        for subject, judgement in zip(batch, judgements, strict=True)
        if judgement.verdict is Verdict.HOLD and subject.comment.author_id
    }
    return Author.objects.records(authors) if authors else {}


def _proposal(
    comment: Comment,
    findings: Sequence[Finding],
    judgement: Judgement,
    *,
    policy: Policy,
    record: AuthorRecord,
) -> Proposal:
    return Proposal(
        comment_id=comment.pk,
        revision=comment.revision,
        verdict=judgement.verdict,
        source=DecisionSource.AUTOMATION,
        reasoning=_reasoning(judgement),
        policy=policy if policy.pk else None,
        reasons=judgement.grounds,
        findings=findings,
        queue_entry=_queue_entry(findings, judgement, record),
    )


def _give_up(comment: Comment) -> Proposal:
    log.error("comment %s could not be screened in %s attempts", comment.pk, MAX_ATTEMPTS)
    finding = Finding(check_name="screening", reason=Reason.SCREENING_FAILED)
    judgement = judge([finding], Policy(site=comment.site).rules({}))
    return Proposal(
        comment_id=comment.pk,
        revision=comment.revision,
        verdict=judgement.verdict,
        source=DecisionSource.AUTOMATION,
        reasons=judgement.grounds,
        findings=[finding],
        queue_entry=QueueEntry(why=QueueReason.SCREENED),
    )


def _queue_entry(
    findings: Sequence[Finding], judgement: Judgement, record: AuthorRecord
) -> QueueEntry | None:
    """Return the queue entry by risk; None while it waits for its author to confirm the address."""
    if {reason.reason for reason in judgement.grounds} == {Reason.ADDRESS_UNCONFIRMED}:
        return None
    blamed = {reason.category for reason in judgement.grounds}
    scored = [(f.score, f.category) for f in findings if f.score is not None]
    score, category = max(scored, default=(UNKNOWN, ""))
    return QueueEntry(
        why=QueueReason.SCREENED,
        category=category if category in blamed else "",
        priority=risk(score, record=record),
    )


def _reasoning(judgement: Judgement) -> str:
    """Return the statement of reasons for the author, without what helps to evade the rules."""
    if judgement.verdict is not Verdict.REJECT:
        return ""
    categories = {reason.category for reason in judgement.grounds if reason.category}
    harms = sorted(category.replace("_", " ").lower() for category in categories)
    because = f" ({', '.join(harms)})" if harms else ""
    return f"The comment goes against the house rules of this site{because}."
