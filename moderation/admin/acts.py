"""The buttons of the desk: each is one POST that makes one call and leads back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from comments.models import Comment, Role
from moderation import auditing, banning, deciding, reviewing
from moderation.admin.scoping import sites_of, user_of
from moderation.admin.wording import full_email
from moderation.models import Act, Ban, Decision
from moderation.models.ban import Target
from moderation.verdicts import Verdict

LONGEST = 5000


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the buttons, `admin:moderation_decide` and so on."""
    acts = {"decide": decide, "undo": undo, "reveal": reveal, "ban": ban}
    return [
        path(f"<uuid:pk>/{name}/", site.admin_view(require_POST(act)), name=f"moderation_{name}")
        for name, act in acts.items()
    ]


def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a moderator's verdict on the text that was shown, and go back.

    When the text has changed since, nothing is recorded and the newer one is shown.
    """
    ruling = _ruling(request, pk)
    (answer,) = reviewing.resolve([ruling], moderator=user_of(request), now=timezone.now())
    if isinstance(answer, reviewing.NotAllowed):
        raise Http404
    if isinstance(answer, deciding.Refused):
        messages.warning(request, str(answer))
        return _to_page(pk, back=request.POST.get("next", ""))
    request.session["undoable"] = str(answer.pk)
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back the decision of this id, and go back."""
    mine = Decision.objects.filter(comment__site__in=sites_of(request, Role.MODERATOR))
    decision = get_object_or_404(mine.select_related("overrides"), pk=pk)
    try:
        reviewing.undo(decision, moderator=user_of(request), now=timezone.now())
        messages.success(request, "Undone: what counted before counts again.")
    except deciding.Refused as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the comment's page show the author's address once, and write down who asked for it."""
    comment = _moderated(request, pk)
    if comment.author is None:
        raise Http404
    auditing.note(
        Act.REVEALED,
        site=comment.site,
        by=user_of(request),
        now=timezone.now(),
        subject=comment.author_id,
    )
    # Not the address itself: sessions are stored, and an address is stored encrypted only.
    request.session["reveal"] = str(pk)
    return _to_page(pk, back=request.POST.get("next", ""))


def ban(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ban the author's address or network from the site, for good."""
    comment = _moderated(request, pk)
    values = {
        Target.EMAIL.value: comment.author.email_digest if comment.author else "",
        Target.NETWORK.value: comment.network_digest,
    }
    target = request.POST.get("target", "")
    if not values.get(target):
        raise Http404
    # A ban that was there may have run out: it holds again.
    wanted = Ban(site=comment.site, target=target, value=values[target])
    banning.ban(wanted, moderator=user_of(request), now=timezone.now())
    messages.success(request, "Banned: new comments from there are rejected. Bans lists it.")
    return _to_page(pk, back=request.POST.get("next", ""))


def last_act(request: HttpRequest) -> Decision | None:
    """Return the decision that the user's last click made, while it stands; tell of it once."""
    pk = request.session.pop("undoable", None)
    if pk is None:
        return None
    mine = Decision.objects.standing().filter(comment__site__in=sites_of(request, Role.MODERATOR))
    return mine.select_related("comment").filter(pk=pk).first()


def revealed(request: HttpRequest, comment: Comment) -> str:
    """Return the address of a comment's author when the click before asked for it, or ""."""
    if request.session.get("reveal") != str(comment.pk):
        return ""
    del request.session["reveal"]
    may_see = sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists()
    return (full_email(comment.author) or "It can't be read any more.") if may_see else ""


def way_back(request: HttpRequest, where: str) -> str:
    """Return where a click came from if that is a page of ours, or the queue."""
    ours = url_has_allowed_host_and_scheme(
        where, {request.get_host()}, require_https=request.is_secure()
    )
    return where if ours else reverse("admin:moderation_reviewable_changelist")


def _ruling(request: HttpRequest, pk: UUID) -> reviewing.Ruling:
    try:
        return reviewing.Ruling(
            comment_id=pk,
            revision=int(request.POST["revision"]),
            verdict=Verdict(request.POST["verdict"]),
            reasoning=request.POST.get("reasoning", "")[:LONGEST],
            private_notes=request.POST.get("private_notes", "")[:LONGEST],
        )
    except (KeyError, ValueError):
        raise Http404 from None


def _moderated(request: HttpRequest, pk: UUID) -> Comment:
    mine = Comment.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(mine.select_related("author", "site"), pk=pk)


def _to_page(pk: UUID, *, back: str) -> HttpResponse:
    page = reverse("admin:comments_comment_change", args=[pk])
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}" if back else page)
