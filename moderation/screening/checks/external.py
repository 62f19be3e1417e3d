"""Find the verdict of the site's external moderator, or that it didn't answer in time."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding, Inquiry, Opinion
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

REASONS = {
    Opinion.APPROVE: Reason.EXTERNAL_APPROVE,
    Opinion.HOLD: Reason.EXTERNAL_HOLD,
    Opinion.REJECT: Reason.EXTERNAL_REJECT,
    Opinion.SPAM: Reason.EXTERNAL_SPAM,
}


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield the external moderator's verdict on the present revision, or EXTERNAL_SILENT."""
    # Nobody was asked about a draft.
    stored = [subject.comment.pk for subject in batch if not subject.comment._state.adding]
    if not stored:
        return
    rows = Inquiry.objects.filter(screening__comment__in=stored)
    inquiries = {i.screening.comment_id: i for i in rows.select_related("screening", "moderator")}
    for subject in batch:
        inquiry = inquiries.get(subject.comment.pk)
        if inquiry is None or inquiry.revision != subject.comment.revision:
            continue
        if inquiry.opinion:
            yield subject, _finding(REASONS[Opinion(inquiry.opinion)], inquiry.explanation)
        elif inquiry.moderator.hold_unanswered:
            yield subject, _finding(Reason.EXTERNAL_SILENT)


def _finding(reason: Reason, explanation: str = "") -> Finding:
    evidence = {"explanation": explanation} if explanation else {}
    return Finding(check_name="external", reason=reason, evidence=evidence)
