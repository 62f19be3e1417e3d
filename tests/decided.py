"""Comments that were screened, and decided about by whom a test says."""

from django.utils import timezone

from comments.models import Comment, Site, Status
from moderation import intake, screening
from moderation.deciding import Proposal, decide_one
from moderation.models import Source
from moderation.proposals import ruling
from moderation.verdicts import Verdict
from tests.factories import CommentFactory, DecisionFactory, MembershipFactory


def decided(
    site: Site,
    body: str,
    *,
    by_moderator: Verdict | None = None,
    source: Source = Source.AUTOMATION,
    email: str = "",
) -> Comment:
    """Return a comment as the rules or a moderator left it; an imported one is never screened.

    An `email` is one that is known to be the writer's own.
    """
    if source is Source.IMPORT:
        comment = CommentFactory(thread__site=site, body=body, status=Status.APPROVED)
        DecisionFactory(comment=comment, source=source)
        return comment
    page = intake.Page(key="decided", url="", title="")
    written = intake.Submission(
        page=page, author_name="Ann", author_email=email, body=body, verified=bool(email)
    )
    comment = intake.receive(written, site=site, now=timezone.now(), limited=False).comment
    screening.screen(now=timezone.now())
    if by_moderator:
        moderator = MembershipFactory(site=site).user
        decide_one(rule(comment, by_moderator, moderator), now=timezone.now())
    comment.refresh_from_db()
    return comment


def rule(comment: Comment, verdict: Verdict, moderator) -> Proposal:
    return ruling(
        comment_id=comment.pk, revision=1, verdict=verdict, moderator=moderator, reasoning="So."
    )
