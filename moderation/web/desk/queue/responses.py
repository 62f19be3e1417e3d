"""How a button answers: a script gets JSON and stays on its page, a form is led back."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from moderation.decisions.proposals import DecisionRefused
from moderation.models import Decision
from moderation.web.desk.queue.cards import rendered


def by_script(request: HttpRequest) -> bool:
    """Tell whether a script asks, which wants JSON."""
    return request.accepts("application/json") and not request.accepts("text/html")


def done(request: HttpRequest, told: str, *, comment: UUID | None = None) -> HttpResponse:
    """Answer that something was done; a script gets the card of the comment if it waits."""
    if by_script(request):
        card = rendered(comment, request) if comment else ""
        return JsonResponse({"told": told, "comment": comment, "card": card})
    messages.success(request, told)
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def decided(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Answer a decision, with what undoes it."""
    if by_script(request):
        answer: dict[str, Any] = {
            "told": f"{decision.comment.get_status_display()}: {decision.comment}",
            "comment": decision.comment_id,
            "undo": reverse("admin:moderation_undo", args=[decision.pk]),
            "seconds": settings.UNDO_SECONDS,
        }
        return JsonResponse(answer)
    request.session["undoable"] = str(decision.pk)
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def refused(request: HttpRequest, refusal: DecisionRefused, comment: UUID) -> HttpResponse:
    """Answer why something could not be done, and show the comment as it is now."""
    if by_script(request):
        card = rendered(comment, request)
        told = {"problem": str(refusal), "comment": comment, "card": card}
        return JsonResponse(told, status=409)
    messages.warning(request, str(refusal))
    return to_page(comment, back=request.POST.get("next", ""))


def way_back(request: HttpRequest, where: str) -> str:
    """Return where a click came from if that is a page of ours, or the queue."""
    ours = url_has_allowed_host_and_scheme(
        where, {request.get_host()}, require_https=request.is_secure()
    )
    return where if ours else reverse("admin:moderation_reviewable_changelist")


def to_page(pk: UUID, *, back: str) -> HttpResponse:
    """Lead to the page of a comment, from where it goes on `back`."""
    page = reverse("admin:comments_comment_change", args=[pk])
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}" if back else page)
