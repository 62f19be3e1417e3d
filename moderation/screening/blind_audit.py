"""The blind audit: people look at some of what the rules settled, and do not see which.

Of what was published or refused automatically each site's share is drawn; of what is held, one in
ten is shown like them, so that a card without scores does not say what became of the comment. A
published comment stays public meanwhile. The draw depends on the comment alone, so a comment that
is screened twice is drawn twice or never.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from comments.models import Comment, Site
from moderation.decisions.proposals import Proposal, QueueEntry
from moderation.models import Policy, QueueReason, Reviewable
from moderation.rules.verdicts import Verdict

# So many of a site's comments are shown blind each day (UTC).
MOST_A_DAY = 20
HELD_PERCENT = 10
SALT = "moderation.screening.blind_audit"
AUDITED = frozenset({Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM})


def draw(
    proposals: Sequence[Proposal],
    comments: Sequence[Comment],
    policies: Mapping[Site, Policy],
    *,
    now: datetime,
) -> list[Proposal]:
    """Return the proposals of the rules, with those that are drawn entering the queue unmarked."""
    drawn = [
        lot(comment, "draw") < _percent(proposal, policies[comment.site])
        for proposal, comment in zip(proposals, comments, strict=True)
    ]
    if not any(drawn):
        return list(proposals)
    already = _shown_today({comment.site_id for comment in comments}, now=now)
    chosen = []
    for proposal, comment, is_drawn in zip(proposals, comments, drawn, strict=True):
        today = already[comment.site_id]
        # While nothing settled is shown, the held need not look like it.
        is_drawn = is_drawn and today < MOST_A_DAY and (proposal.verdict in AUDITED or today > 0)
        already[comment.site_id] += is_drawn
        chosen.append(_blind(proposal, comment) if is_drawn else proposal)
    return chosen


def _percent(proposal: Proposal, policy: Policy) -> int:
    if proposal.verdict in AUDITED:
        return policy.audit_percent
    # What waits for its author is in nobody's queue.
    return HELD_PERCENT if policy.audit_percent and proposal.queue_entry else 0


def lot(comment: Comment, purpose: str) -> float:
    """Return a number from 0 to 100 that nobody outside can foretell."""
    value = f"{purpose} {comment.pk} {comment.revision}"
    digest = salted_hmac(SALT, value, algorithm="sha256").digest()
    return float(100 * int.from_bytes(digest[:8], "big") / 2**64)


def _shown_today(sites: set[UUID], *, now: datetime) -> Counter[UUID]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    entries = Reviewable.objects.filter(site__in=list(sites), is_blind=True, opened_at__gte=today)
    return Counter(entries.values_list("site", flat=True))


def _blind(proposal: Proposal, comment: Comment) -> Proposal:
    # At any place in the queue and of no category, so that neither tells what the rules thought.
    entry = QueueEntry(
        why=QueueReason.SCREENED, priority=lot(comment, "place") / 100, is_blind=True
    )
    return replace(proposal, queue_entry=entry, needs_review=True)
