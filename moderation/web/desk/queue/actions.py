"""POST views of the desk's buttons: each makes one call and redirects back, or responds JSON."""

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from comments.models import Comment, Role
from moderation.decisions import audit
from moderation.decisions.proposals import CommentGone, DecisionRefused
from moderation.models import AuditAction, Decision
from moderation.models.ban import BanTarget
from moderation.review.queue import actions
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.wording import full_email
from moderation.web.desk.people.ban_form import ban_of
from moderation.web.desk.queue.responses import decided, refused, succeeded, to_comment

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
    (result,) = actions.decide_all(
        [decision_request], moderator=user_of(request), now=timezone.now()
    )
    if isinstance(result, actions.NotAllowed | CommentGone):
        raise Http404
    if isinstance(result, DecisionRefused):
        return refused(request, result, pk)
    return decided(request, result)


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo the decision with this id."""
    decisions = Decision.objects.filter(comment__site__in=sites_of(request, Role.MODERATOR))
    decision = get_object_or_404(decisions.select_related("overrides"), pk=pk)
    try:
        actions.undo(decision, moderator=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        return refused(request, refusal, decision.comment_id)
    message = "Undone: what counted before counts again."
    return succeeded(request, message, comment=decision.comment_id)


def escalate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Escalate a queued comment to the owners of its site."""
    comment, why = _moderated(request, pk), request.POST.get("text", "").strip()
    try:
        actions.escalate(comment, moderator=user_of(request), why=why, now=timezone.now())
    except actions.NotWaiting as refusal:
        return refused(request, refusal, pk)
    return succeeded(request, "Left to the owners of the site.", comment=pk)


def add_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a note about the author of a comment, for colleagues."""
    comment, text = _moderated(request, pk), request.POST.get("text", "").strip()
    if comment.author is None or not text:
        raise Http404
    actions.add_note(
        comment.author, text=text[:MAX_NOTE_LENGTH], moderator=user_of(request), now=timezone.now()
    )
    return succeeded(request, "Noted for colleagues.", comment=pk)


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the comment's page show the author's email address once, with an audit entry."""
    comment = _moderated(request, pk)
    if comment.author is None:
        raise Http404
    audit.record(
        AuditAction.REVEALED,
        site=comment.site,
        by=user_of(request),
        now=timezone.now(),
        subject=comment.author_id,
    )
    # Not the address itself: sessions are stored, and an address is stored encrypted only.
    request.session["reveal"] = str(pk)
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


def undoable_decision(request: HttpRequest) -> Decision | None:
    """Return the decision of the user's last click, once, if it is still effective."""
    pk = request.session.pop("undoable", None)
    if pk is None:
        return None
    sites = sites_of(request, Role.MODERATOR)
    decisions = Decision.objects.effective().filter(comment__site__in=sites)
    return decisions.select_related("comment").filter(pk=pk).first()


def revealed_email(request: HttpRequest, comment: Comment) -> str:
    """Return the author's email address when the last click revealed it, once; else ""."""
    if request.session.get("reveal") != str(comment.pk):
        return ""
    del request.session["reveal"]
    may_see = sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists()
    return (full_email(comment.author) or "It can't be read any more.") if may_see else ""


def _decision_request(request: HttpRequest, pk: UUID) -> actions.DecisionRequest:
    try:
        return actions.DecisionRequest(
            comment_id=pk,
            revision=int(request.POST["revision"]),
            verdict=Verdict(request.POST["verdict"]),
            reasoning=request.POST.get("reasoning", "")[:MAX_TEXT_LENGTH],
            private_notes=request.POST.get("private_notes", "")[:MAX_TEXT_LENGTH],
            status=request.POST.get("status", ""),
        )
    except (KeyError, ValueError):
        raise Http404 from None


def _moderated(request: HttpRequest, pk: UUID) -> Comment:
    comments = Comment.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(comments.select_related("author", "site"), pk=pk)
