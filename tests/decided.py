"""Comments that were screened, and decided about by whom a test says."""

from django.utils import timezone

from comments.models import Comment, Site, Status, User
from comments.threads.threads import PageReference
from moderation.decisions.decide import Proposal, decide_one
from moderation.decisions.proposals import decision_request
from moderation.intake import receive
from moderation.intake.submission import Submission
from moderation.models import DecisionSource
from moderation.rules.verdicts import Verdict
from moderation.screening import screen
from tests.factories import CommentFactory, DecisionFactory, MembershipFactory


def decided(
    site: Site,
    body: str,
    *,
    by_moderator: Verdict | None = None,
    source: DecisionSource = DecisionSource.AUTOMATION,
    email: str = "",
) -> Comment:
    """Return a comment as the rules or a moderator left it; an imported one is never screened.

    An `email` is one that is known to be the writer's own.
    """
    if source is DecisionSource.IMPORT:
        comment = CommentFactory(thread__site=site, body=body, status=Status.APPROVED)
        DecisionFactory(comment=comment, source=source)
        return comment
    page = PageReference(key="decided", url="", title="")
    written = Submission(
        page=page, author_name="Ann", author_email=email, body=body, verified=bool(email)
    )
    comment = receive.receive(written, site=site, now=timezone.now(), limited=False)
    screen.screen(now=timezone.now())
    if by_moderator:
        moderator = MembershipFactory(site=site).user
        decide_one(rule(comment, by_moderator, moderator), now=timezone.now())
    comment.refresh_from_db()
    return comment


def refused_by(moderator: User, site: Site) -> Comment:
    """Return a comment of a site that a moderator rejected, never screened."""
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    DecisionFactory(
        comment=comment,
        verdict=Verdict.REJECT,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
    )
    return comment


def rule(comment: Comment, verdict: Verdict, moderator) -> Proposal:
    return decision_request(
        comment_id=comment.pk, revision=1, verdict=verdict, moderator=moderator, reasoning="So."
    )
