"""Comments that the rules published and a person judged, blind or not."""

from comments.models import Site, User
from moderation.models import DecisionSource, QueueReason, Reviewable
from moderation.rules.verdicts import Reason, Verdict
from tests.factories import NOW, CommentFactory, DecisionFactory


def audit(site: Site, by: User, score: float, verdict: Verdict, *, blind: bool = True) -> None:
    """Have a person decide about a published comment of this score for spam."""
    comment = CommentFactory(thread__site=site)
    screened = DecisionFactory(comment=comment, verdict=Verdict.APPROVE)
    screened.findings.create(
        check_name="classifier", reason=Reason.SCORE, category="SPAM", score=score
    )
    Reviewable.of(comment, why=QueueReason.SCREENED, is_blind=blind, now=NOW).save()
    DecisionFactory(
        comment=comment,
        verdict=verdict,
        source=DecisionSource.MODERATOR,
        decided_by=by,
        overrides=screened,
    )
