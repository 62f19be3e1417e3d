"""Appeals, as decisions meet them: who may answer one, and that a decision does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from comments.models import Membership, Role
from moderation import outbox
from moderation.models import Appeal, EventType, Source
from moderation.models.appeal import Outcome
from moderation.outbox import Happening
from moderation.proposals import OwnAppeal, Proposal, Refused
from moderation.verdicts import Verdict


def for_colleagues(proposals: Sequence[Proposal]) -> Mapping[UUID, Refused]:
    """Return a refusal for each comment whose appeal is against its moderator's own decision.

    A colleague must look at it, where there is one. Taking the own decision back is always right.
    """
    rulings = [p for p in proposals if p.source is Source.MODERATOR and not p.undoes]
    if not rulings or rulings[0].decided_by is None:
        return {}
    moderator = rulings[0].decided_by
    appealed = Appeal.objects.filter(
        decision__comment__in=[ruling.comment_id for ruling in rulings],
        decision__decided_by=moderator,
        resolved_at=None,
    ).values_list("decision__comment", "decision__comment__site")
    roles = Role.at_least(Role.MODERATOR)
    colleagues = Membership.objects.exclude(user=moderator).filter(role__in=roles)
    staffed = set(
        colleagues.filter(site__in={site for _, site in appealed}).values_list("site", flat=True)
    )
    refusal = OwnAppeal("The author appeals against your decision: a colleague must look at it.")
    return {comment: refusal for comment, site in appealed if site in staffed}


def answer(accepted: Iterable[Proposal], *, now: datetime) -> None:
    """A moderator who decides about a comment answers its author's appeal by that."""
    rulings = [
        proposal
        for proposal in accepted
        if proposal.source is Source.MODERATOR and proposal.verdict is not Verdict.HOLD
    ]
    for outcome in Outcome:
        fitting = [
            r for r in rulings if (r.verdict is Verdict.APPROVE) == (outcome is Outcome.OVERTURNED)
        ]
        if fitting:
            appeals = Appeal.objects.filter(
                decision__comment__in=[ruling.comment_id for ruling in fitting], resolved_at=None
            )
            answered = list(appeals.select_related("decision__comment"))
            # All rulings of one call are one moderator's.
            appeals.update(outcome=outcome, resolved_at=now, resolved_by=fitting[0].decided_by)
            outbox.tell(
                [
                    Happening(
                        EventType.APPEAL_RESOLVED,
                        appeal.decision.comment,
                        {"appeal": {"id": str(appeal.pk), "outcome": outcome.value}},
                    )
                    for appeal in answered
                ],
                now=now,
            )
