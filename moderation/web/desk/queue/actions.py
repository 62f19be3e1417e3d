"""The buttons of the desk: each is one POST that makes one call and leads back."""

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
from moderation.decisions import decide as deciding
from moderation.models import AuditAction, Decision
from moderation.models.ban import BanTarget
from moderation.review import actions
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.wording import full_email
from moderation.web.desk.people.ban_form import ban_of
from moderation.web.desk.queue.responses import decided, done, refused, to_page, way_back

__all__ = ["last_act", "revealed", "urls", "way_back"]

LONGEST, LONGEST_NOTE = 5000, 2000


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the buttons, `admin:moderation_decide` and so on."""
    acts = {
        "decide": decide,
        "undo": undo,
        "escalate": escalate,
        "remark": remark,
        "reveal": reveal,
        "ban": ban,
    }
    return [
        path(f"<uuid:pk>/{name}/", site.admin_view(require_POST(act)), name=f"moderation_{name}")
        for name, act in acts.items()
    ]


def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a moderator's verdict on the text that was shown.

    When the text has changed since, or a colleague has decided, nothing is recorded and what is
    there now is shown.
    """
    ruling = _ruling(request, pk)
    (answer,) = actions.decide_all([ruling], moderator=user_of(request), now=timezone.now())
    if isinstance(answer, actions.NotAllowed | deciding.CommentGone):
        raise Http404
    if isinstance(answer, deciding.DecisionRefused):
        return refused(request, answer, pk)
    return decided(request, answer)


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back the decision of this id."""
    mine = Decision.objects.filter(comment__site__in=sites_of(request, Role.MODERATOR))
    decision = get_object_or_404(mine.select_related("overrides"), pk=pk)
    try:
        actions.undo(decision, moderator=user_of(request), now=timezone.now())
    except deciding.DecisionRefused as refusal:
        return refused(request, refusal, decision.comment_id)
    told = "Undone: what counted before counts again."
    return done(request, told, comment=decision.comment_id)


def escalate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave a comment that waits to the owners of its site."""
    comment, why = _moderated(request, pk), request.POST.get("text", "").strip()
    try:
        actions.escalate(comment, moderator=user_of(request), why=why, now=timezone.now())
    except actions.NotWaiting as refusal:
        return refused(request, refusal, pk)
    return done(request, "Left to the owners of the site.", comment=pk)


def remark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a note about the author of a comment, for colleagues."""
    comment, text = _moderated(request, pk), request.POST.get("text", "").strip()
    if comment.author is None or not text:
        raise Http404
    actions.add_note(
        comment.author, text=text[:LONGEST_NOTE], moderator=user_of(request), now=timezone.now()
    )
    return done(request, "Noted for colleagues.", comment=pk)


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the comment's page show the author's address once, and write down who asked for it."""
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
    return to_page(pk, back=request.POST.get("next", ""))


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
    return to_page(pk, back=request.POST.get("next", ""))


def last_act(request: HttpRequest) -> Decision | None:
    """Return the decision that the user's last click made, while it stands; tell of it once."""
    pk = request.session.pop("undoable", None)
    if pk is None:
        return None
    mine = Decision.objects.effective().filter(comment__site__in=sites_of(request, Role.MODERATOR))
    return mine.select_related("comment").filter(pk=pk).first()


def revealed(request: HttpRequest, comment: Comment) -> str:
    """Return the address of a comment's author when the click before asked for it, or ""."""
    if request.session.get("reveal") != str(comment.pk):
        return ""
    del request.session["reveal"]
    may_see = sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists()
    return (full_email(comment.author) or "It can't be read any more.") if may_see else ""


def _ruling(request: HttpRequest, pk: UUID) -> actions.DecisionRequest:
    try:
        return actions.DecisionRequest(
            comment_id=pk,
            revision=int(request.POST["revision"]),
            verdict=Verdict(request.POST["verdict"]),
            reasoning=request.POST.get("reasoning", "")[:LONGEST],
            private_notes=request.POST.get("private_notes", "")[:LONGEST],
            status=request.POST.get("status", ""),
        )
    except (KeyError, ValueError):
        raise Http404 from None


def _moderated(request: HttpRequest, pk: UUID) -> Comment:
    mine = Comment.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(mine.select_related("author", "site"), pk=pk)
