"""POST views of the desk's buttons: each makes one call and redirects back, or responds JSON."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from comments.models import Comment, Role
from moderation.decisions.proposals import CommentGone, DecisionRefused
from moderation.models import BulkJob, Decision
from moderation.models.ban import BanTarget
from moderation.review.queue import actions, bulk, decide_as_one, highlights
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base import revealing
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.people.ban_form import ban_of
from moderation.web.desk.queue.reply import reply
from moderation.web.desk.queue.responses import (
    decided,
    decided_as_one,
    refused,
    succeeded,
    to_comment,
)

MAX_TEXT_LENGTH, MAX_NOTE_LENGTH = 5000, 2000


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of the buttons, `admin:moderation_decide` and so on."""
    views = {
        "decide": decide,
        "undo": undo,
        "escalate": escalate,
        "remark": add_note,
        "reveal": reveal,
        "ban": ban,
        "highlight": highlight,
        "reply": reply,
    }
    return [
        path(f"<uuid:pk>/{name}/", site.admin_view(require_POST(view)), name=f"moderation_{name}")
        for name, view in views.items()
    ]


def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a moderator's verdict on the revision and status that the page showed.

    When the text was edited since, or a colleague has decided, nothing is recorded, and the present
    state is shown.
    """
    decision_request = _decision_request(request, pk)
    if request.POST.get("as_one"):
        return _decide_as_one(request, decision_request)
    (result,) = actions.decide_all(
        [decision_request], moderator=user_of(request), now=timezone.now()
    )
    if isinstance(result, actions.NotAllowed | CommentGone):
        raise Http404
    if isinstance(result, DecisionRefused):
        return refused(request, result, pk)
    return decided(request, result)


def _decide_as_one(request: HttpRequest, decision_request: actions.DecisionRequest) -> HttpResponse:
    """Record the verdict on a comment and on all that wait and are nearly the same."""
    try:
        job = decide_as_one.decide(decision_request, moderator=user_of(request), now=timezone.now())
    except (actions.NotAllowed, CommentGone):
        raise Http404 from None
    except DecisionRefused as refusal:
        return refused(request, refusal, decision_request.comment_id)
    return decided_as_one(request, job)


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo the decision with this id."""
    decisions = Decision.objects.filter(comment__site__in=sites_of(request, Role.MODERATOR))
    decision = get_object_or_404(decisions.select_related("overrides"), pk=pk)
    try:
        actions.undo(decision, moderator=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        return refused(request, refusal, decision.comment_id)
    message = gettext("Undone: what counted before counts again.")
    return succeeded(request, message, comment=decision.comment_id)


def escalate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Escalate a queued comment to the owners of its site."""
    comment, why = _moderated(request, pk), request.POST.get("text", "").strip()
    try:
        actions.escalate(comment, moderator=user_of(request), why=why, now=timezone.now())
    except actions.NotWaiting as refusal:
        return refused(request, refusal, pk)
    return succeeded(request, gettext("Left to the owners of the site."), comment=pk)


def add_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a note about the author of a comment, for colleagues."""
    comment, text = _moderated(request, pk), request.POST.get("text", "").strip()
    if comment.author is None or not text:
        raise Http404
    actions.add_note(
        comment.author, text=text[:MAX_NOTE_LENGTH], moderator=user_of(request), now=timezone.now()
    )
    return succeeded(request, gettext("Noted for colleagues."), comment=pk)


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the comment's page show the author's email address once, with an audit entry."""
    comment = _moderated(request, pk)
    if comment.author is None:
        raise Http404
    revealing.reveal(request, comment.author, shown_at=pk)
    return to_comment(pk, back=request.POST.get("next", ""))


def ban(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ban the author's address, the network or the website from the site."""
    comment = _moderated(request, pk)
    values = {
        BanTarget.EMAIL.value: comment.author.email_digest if comment.author else "",
        BanTarget.NETWORK.value: comment.network_digest,
    }
    target = request.POST.get("target", "")
    if not values.get(target):
        raise Http404
    messages.success(request, ban_of(request, comment.site, target=target, value=values[target]))
    return to_comment(pk, back=request.POST.get("next", ""))


def highlight(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pin or feature a comment, or take that back: `act` says which."""
    acts: dict[str, tuple[Callable[..., None], dict[str, bool]]] = {
        "pin": (highlights.pin, {"pinned": True}),
        "unpin": (highlights.pin, {"pinned": False}),
        "feature": (highlights.feature, {"featured": True}),
        "unfeature": (highlights.feature, {"featured": False}),
    }
    comment, act = _moderated(request, pk), request.POST.get("act", "")
    if act not in acts:
        raise Http404
    run, state = acts[act]
    try:
        run(comment, **state, by=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        return refused(request, refusal, pk)
    return to_comment(pk, back=request.POST.get("next", ""))


def undoable_decisions(request: HttpRequest) -> list[Decision]:
    """Return the decisions of the user's last click, once, that are still effective."""
    last = request.session.pop("undoable", None)
    if not last:
        return []
    sites = sites_of(request, Role.MODERATOR)
    decisions = Decision.objects.effective().filter(comment__site__in=sites)
    return list(decisions.select_related("comment").filter(pk__in=last))


def undoable_job(request: HttpRequest) -> BulkJob | None:
    """Return, once, what the user's last click decided as one, if it can be undone."""
    last = request.session.pop("undoable_job", None)
    job = BulkJob.objects.filter(pk=last, moderator=user_of(request)).first() if last else None
    return job if job and bulk.may_undo(job) else None


def revealed_email(request: HttpRequest, comment: Comment) -> str:
    """Return the author's email address when the last click revealed it, once; else ""."""
    may_see = sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists()
    return revealing.revealed(request, shown_at=comment.pk) if may_see else ""


def _decision_request(request: HttpRequest, pk: UUID) -> actions.DecisionRequest:
    try:
        return actions.DecisionRequest(
            comment_id=pk,
            revision=int(request.POST["revision"]),
            verdict=Verdict(request.POST["verdict"]),
            reasoning=request.POST.get("reasoning", "")[:MAX_TEXT_LENGTH],
            private_notes=request.POST.get("private_notes", "")[:MAX_TEXT_LENGTH],
            status=request.POST.get("status", ""),
            reason=request.POST.get("reason", ""),
            cause=Cause(cause) if (cause := request.POST.get("cause", "")) else None,
        )
    except (KeyError, ValueError):
        raise Http404 from None


def _moderated(request: HttpRequest, pk: UUID) -> Comment:
    comments = Comment.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(comments.select_related("author", "site"), pk=pk)
