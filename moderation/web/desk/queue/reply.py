"""The POST view by which a member of the site answers a comment below it."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Comment, Role, Status
from comments.threads.threads import PageReference
from moderation.decisions.proposals import DecisionRefused
from moderation.intake import receive
from moderation.intake.refusals import SubmissionRefused
from moderation.intake.submission import Submission
from moderation.review.queue import actions, blind
from moderation.review.queue.actions import DecisionRequest
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.queue.responses import refused, succeeded

LONGEST_QUOTE = 1000


class ReplyRefused(DecisionRefused):
    """The reply can't be published here; the message says why."""

    code = "reply-refused"


def reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish an answer with the badge of the site's staff; the comment is approved by that."""
    mine = Comment.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    comment = get_object_or_404(mine.select_related("site", "thread"), pk=pk)
    text = request.POST.get("text", "").strip()
    if not text:
        raise Http404
    quote = _quoted(comment) if request.POST.get("quote") else ""
    try:
        _publish(request, comment, f"{quote}{text}"[: comment.site.max_length])
    except DecisionRefused as refusal:
        return refused(request, refusal, pk)
    return succeeded(request, gettext("Published, with your reply below it."), comment=pk)


@transaction.atomic
def _publish(request: HttpRequest, comment: Comment, body: str) -> None:
    """Approve the comment where it waits, and publish the answer. Raises DecisionRefused."""
    if comment.status != Status.APPROVED or blind.is_waiting(comment):
        _approve(request, comment.pk, _revision(request), request.POST.get("status", ""))
    user, thread = user_of(request), comment.thread
    submission = Submission(
        page=PageReference(key=thread.key, url=thread.url),
        body=body,
        parent=comment.pk,
        author_name=user.get_full_name() or comment.site.name,
        author_email=user.email,
        verified=True,
    )
    try:
        answer = receive.receive(submission, site=comment.site, now=timezone.now(), limited=False)
    except SubmissionRefused as refusal:
        raise ReplyRefused(str(refusal)) from refusal
    _approve(request, answer.pk, answer.revision)


def _approve(request: HttpRequest, comment: UUID, revision: int, status: str = "") -> None:
    approval = DecisionRequest(
        comment_id=comment, revision=revision, verdict=Verdict.APPROVE, status=status
    )
    (result,) = actions.decide_all([approval], moderator=user_of(request), now=timezone.now())
    if isinstance(result, DecisionRefused):
        raise result


def _revision(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("revision", ""))
    except ValueError:
        raise Http404 from None


def _quoted(comment: Comment) -> str:
    """Return the beginning of the comment as a quotation, word for word."""
    lines = comment.body[:LONGEST_QUOTE].splitlines()
    return "\n".join(f"> {line}" for line in lines) + "\n\n"
