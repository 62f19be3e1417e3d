"""Find near-duplicates of what a moderator of the site refused."""

from collections.abc import Iterator, Sequence

from moderation.models import Campaign, Finding
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import campaigns
from moderation.screening.contract import ScreeningSubject

REASONS = {Verdict.SPAM: Reason.LIKE_SPAM, Verdict.REJECT: Reason.LIKE_REJECTED}


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield LIKE_SPAM or LIKE_REJECTED, with the comment that was refused, and when.

    The latest decision about one of a campaign counts for the others: none is yielded where a
    moderator has approved one since.
    """
    comments = [subject.comment for subject in batch]
    found = campaigns.find(comments, texts=[subject.text for subject in batch])
    decisions = Campaign.objects.decisions(set(found.values())) if found else {}
    for subject in batch:
        campaign = found.get(subject.comment.pk)
        decision = decisions.get(campaign) if campaign else None
        if decision and (reason := REASONS.get(Verdict(decision.verdict))):
            evidence = {
                "comment": str(decision.comment_id),
                "decided_at": decision.decided_at.isoformat(),
            }
            yield subject, Finding(check_name="near_duplicates", reason=reason, evidence=evidence)
