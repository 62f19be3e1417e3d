"""Screening: the machine's look at comments, in batches.

1. Claim what waits, under a lease, so that no two workers screen the same comment.
2. Run every check over the batch.
3. Ask the rules for a verdict on each.
4. Decide, all in one transaction. A worker that dies before that has changed nothing: its lease
   runs out and another one takes the comments.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from comments.models import Author, Comment
from comments.models.author import AuthorRecord
from moderation.decisions.decide import DecisionRefused, Proposal, QueueEntry, decide
from moderation.models import DecisionSource, Finding, Policy, QueueReason, Screening
from moderation.rules.verdicts import Judgement, Reason, Verdict, judge
from moderation.screening import classifier, external_inquiries
from moderation.screening.checks import find_all
from moderation.screening.contract import ScreeningSubject
from moderation.screening.priority import UNKNOWN, risk

BATCH = 256
# A comment that takes its worker down this often is left to a person.
MAX_ATTEMPTS = 3

log = logging.getLogger(__name__)


def screen(*, now: datetime, limit: int = BATCH) -> int:
    """Screen up to `limit` waiting comments, and return how many were decided or put aside.

    Those about which an external moderator is asked first are put aside until it answers.
    Returns 0 when nothing waits that another worker does not have.
    """
    claimed = claim(limit, now=now)
    comments = list(
        Comment.objects.select_related("site", "author").filter(pk__in=claimed).order_by("pk")
    )
    if not comments:
        return 0
    worn_out = [comment for comment in comments if claimed[comment.pk] > MAX_ATTEMPTS]
    aside = external_inquiries.put_aside([c for c in comments if c not in worn_out], now=now)
    ready = [c for c in comments if c not in worn_out and c.pk not in aside]
    proposals = [_give_up(comment) for comment in worn_out]
    proposals += propose(ready, now=now)
    answers = decide(proposals, now=now)
    return len(aside) + sum(not isinstance(answer, DecisionRefused) for answer in answers)


@transaction.atomic
def claim(limit: int, *, now: datetime) -> Mapping[UUID, int]:
    """Take waiting comments under a lease and return their ids with the attempts so far.

    Fresh ones are taken together. Those whose worker died are taken one by one, so that a comment
    which kills workers takes no other with it.
    """
    waiting = Screening.objects.select_for_update(skip_locked=True)
    taken = list(waiting.fresh().order_by("id")[:limit])
    taken = taken or list(waiting.dropped(now).order_by("claimed_until")[:1])
    Screening.objects.filter(pk__in=[screening.pk for screening in taken]).update(
        attempts=F("attempts") + 1,
        claimed_until=now + timedelta(seconds=settings.SCREENING_LEASE),
    )
    return {screening.comment_id: screening.attempts + 1 for screening in taken}


def sweep(*, now: datetime) -> int:
    """Screen until nothing waits any more, and return how many comments were dealt with.

    Finds what no wake-up rang for (the broker was away) and what a dead worker left behind.
    """
    external_inquiries.end_waiting(now=now)
    total = 0
    while decided := screen(now=now):
        total += decided
    return total


def rescreen(comments: Sequence[UUID]) -> int:
    """Put comments up for another look by the machine; a moderator's decisions stay."""
    return len(
        Screening.objects.bulk_create(
            [Screening(comment_id=pk) for pk in comments], ignore_conflicts=True
        )
    )


def propose(comments: Sequence[Comment], *, now: datetime) -> list[Proposal]:
    """Return what the rules propose for each comment, in their order; records nothing."""
    if not comments:
        return []
    policies = {site: Policy.objects.current(site) for site in {c.site for c in comments}}
    recommended = classifier.recommended_thresholds()
    rules = {site: policy.rules(recommended) for site, policy in policies.items()}
    batch = [ScreeningSubject(comment, rules[comment.site], now) for comment in comments]
    findings = find_all(batch)
    judgements = [judge(findings[subject.comment.pk], subject.rules) for subject in batch]
    records = _records(batch, judgements)
    return [
        _proposal(
            subject.comment,
            findings[subject.comment.pk],
            judgement,
            policy=policies[subject.comment.site],
            record=records.get(author, {}) if (author := subject.comment.author_id) else {},
        )
        for subject, judgement in zip(batch, judgements, strict=True)
    ]


def _records(
    batch: Sequence[ScreeningSubject], judgements: Sequence[Judgement]
) -> Mapping[UUID, AuthorRecord]:
    """Return the records of those authors of whom a comment is held: they tell how urgent it is."""
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
        grounds=judgement.grounds,
        findings=findings,
        opening=_opening(findings, judgement, record),
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
        grounds=judgement.grounds,
        findings=[finding],
        opening=QueueEntry(why=QueueReason.SCREENED),
    )


def _opening(
    findings: Sequence[Finding], judgement: Judgement, record: AuthorRecord
) -> QueueEntry | None:
    """The likelier the harm, the sooner a person should look; none looks before its author has."""
    if {ground.reason for ground in judgement.grounds} == {Reason.ADDRESS_UNCONFIRMED}:
        return None
    blamed = {ground.category for ground in judgement.grounds}
    scored = [(f.score, f.category) for f in findings if f.score is not None]
    score, category = max(scored, default=(UNKNOWN, ""))
    return QueueEntry(
        why=QueueReason.SCREENED,
        category=category if category in blamed else "",
        priority=risk(score, record=record),
    )


def _reasoning(judgement: Judgement) -> str:
    """Tell the author, in words that help nobody to slip through, why a comment was refused."""
    if judgement.verdict is not Verdict.REJECT:
        return ""
    categories = {ground.category for ground in judgement.grounds if ground.category}
    harms = sorted(category.replace("_", " ").lower() for category in categories)
    because = f" ({', '.join(harms)})" if harms else ""
    return f"The comment goes against the house rules of this site{because}."
