"""Find new texts of comments about whose earlier text a moderator has decided."""

from collections.abc import Iterator, Sequence

from comments.models import Comment
from moderation.decisions.revise import is_revised_by_site
from moderation.models import Decision, DecisionSource, Finding
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield EDITED_AFTER_RULING where automation would undo a moderator's decision.

    That is where a moderator held or refused the earlier text, or where the site's software has
    replaced a text that a moderator approved. An author may edit an approved text.
    """
    edited = [subject for subject in batch if subject.comment.revision > 1]
    decisions = _decisions([subject.comment for subject in edited])
    for subject in edited:
        decision = decisions.get(subject.comment.pk)
        if decision and (
            decision.verdict != Verdict.APPROVE or is_revised_by_site(subject.comment)
        ):
            evidence = {"verdict": decision.verdict, "revision": decision.revision}
            reason = Reason.EDITED_AFTER_RULING
            yield subject, Finding(check_name="earlier_decision", reason=reason, evidence=evidence)


def _decisions(comments: Sequence[Comment]) -> dict[object, Decision]:
    """Return the moderators' latest effective decisions on earlier texts, by comment id."""
    if not comments:
        return {}
    present = {comment.pk: comment.revision for comment in comments}
    rows = Decision.objects.effective().filter(
        comment__in=list(present), source=DecisionSource.MODERATOR
    )
    ordered = rows.order_by("revision")
    return {row.comment_id: row for row in ordered if row.revision < present[row.comment_id]}
