"""Responses to the desk's buttons: JSON for scripts, a redirect back for plain forms."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from moderation.decisions.proposals import DecisionRefused
from moderation.models import BulkJob, Decision
from moderation.web.desk.base.requests import return_url, wants_json
from moderation.web.desk.queue.cards import render_card

# The fields in which people write, and how much of each is kept when a form is refused.
TYPED = ("reasoning", "private_notes", "text", "verdict", "refusal")
LONGEST_TYPED = 5000


def succeeded(request: HttpRequest, message: str, *, comment: UUID | None = None) -> HttpResponse:
    """Respond with a message; a script also gets the comment's card if it is in the queue."""
    if wants_json(request):
        card = render_card(comment, request) if comment else ""
        return JsonResponse({"message": message, "comment": comment, "card": card})
    messages.success(request, message)
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def decided(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Respond to a recorded decision, with the URL that undoes it."""
    if wants_json(request):
        payload: dict[str, Any] = {
            "message": f"{decision.comment.get_status_display()}: {decision.comment}",
            "comment": decision.comment_id,
            "undo": reverse("admin:moderation_undo", args=[decision.pk]),
            "seconds": settings.UNDO_SECONDS,
        }
        return JsonResponse(payload)
    request.session["undoable"] = [str(decision.pk)]
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def decided_as_one(request: HttpRequest, job: BulkJob) -> HttpResponse:
    """Respond to a decision about near-duplicates, with the URL that undoes it as one."""
    if wants_json(request):
        comment = job.repeats.comment if job.repeats else None
        payload: dict[str, Any] = {
            "message": f"{job.get_verdict_display()}: {_alike(job.total)}",
            "comment": comment.pk if comment else None,
            "undo": reverse("admin:moderation_undo_as_one", args=[job.pk]),
            "seconds": settings.UNDO_SECONDS,
        }
        return JsonResponse(payload)
    request.session["undoable_job"] = str(job.pk)
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def _alike(number: int) -> str:
    return gettext("%(number)s alike") % {"number": number}


def refused(request: HttpRequest, refusal: DecisionRefused, comment: UUID) -> HttpResponse:
    """Respond with the refusal's message (409 for scripts) and the comment's present state."""
    if wants_json(request):
        card = render_card(comment, request)
        payload = {"problem": str(refusal), "comment": comment, "card": card}
        return JsonResponse(payload, status=409)
    messages.warning(request, str(refusal))
    keep_typed(request, str(comment))
    return to_comment(comment, back=request.POST.get("next", ""))


def keep_typed(request: HttpRequest, form: str) -> None:
    """Keep what was typed into a form that was refused, for the page that shows it again."""
    typed = {name: request.POST.get(name, "")[:LONGEST_TYPED] for name in TYPED}
    request.session["typed"] = {**typed, "form": form}


def typed_before(request: HttpRequest, form: str) -> dict[str, str]:
    """Return, once, what `keep_typed` kept for this form."""
    if request.session.get("typed", {}).get("form") != form:
        return {}
    kept: dict[str, str] = request.session.pop("typed")
    return kept


def to_comment(pk: UUID, *, back: str) -> HttpResponse:
    """Redirect to the page of a comment, which links on to `back`."""
    page = reverse("admin:comments_comment_change", args=[pk])
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}" if back else page)
