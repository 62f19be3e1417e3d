"""POST views of several picked cards: decided as one, and undone as one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Role
from moderation.decisions.proposals import DecisionRefused
from moderation.models import Decision
from moderation.review.queue import actions
from moderation.review.queue.actions import DecisionRequest
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.requests import return_url, wants_json
from moderation.web.desk.queue.cards import render_card

MOST = 100


def decide(request: HttpRequest) -> HttpResponse:
    """Record one verdict on all the picked comments; each is refused or decided by itself."""
    decision_requests = _decision_requests(request)
    results = actions.decide_all(decision_requests, moderator=user_of(request), now=timezone.now())
    by_comment = {
        decision_request.comment_id: result
        for decision_request, result in zip(decision_requests, results, strict=True)
    }
    decided = [result for result in results if isinstance(result, Decision)]
    if wants_json(request):
        return JsonResponse(_answer(request, by_comment, decided))
    request.session["undoable"] = [str(decision.pk) for decision in decided]
    _warn(request, by_comment.values())
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def undo(request: HttpRequest) -> HttpResponse:
    """Undo several decisions, as far as they still count."""
    mine = Decision.objects.filter(comment__site__in=sites_of(request, Role.MODERATOR))
    decisions = list(mine.select_related("overrides").filter(pk__in=_ids(request, "decision")))
    undone, refused = [], []
    for decision in decisions:
        try:
            undone.append(actions.undo(decision, moderator=user_of(request), now=timezone.now()))
        except DecisionRefused as refusal:
            refused.append(refusal)
    if wants_json(request):
        ids = [decision.comment_id for decision in undone]
        cards = [{"comment": pk, "card": render_card(pk, request)} for pk in ids]
        return JsonResponse(
            {"message": gettext("Undone: %(number)s.") % {"number": len(undone)}, "cards": cards}
        )
    messages.success(
        request,
        gettext("Undone: %(number)s. What counted before counts again.") % {"number": len(undone)},
    )
    _warn(request, refused)
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def _decision_requests(request: HttpRequest) -> list[DecisionRequest]:
    """Return a request for each picked comment; a pick is "id:revision:status", as it was read."""
    picked: dict[UUID, DecisionRequest] = {}
    try:
        for pick in request.POST.getlist("pick")[:MOST]:
            comment, revision, status = pick.split(":")
            picked[UUID(comment)] = DecisionRequest(
                comment_id=UUID(comment),
                revision=int(revision),
                verdict=Verdict(request.POST.get("verdict", "")),
                status=status,
                reason=request.POST.get("reason", ""),
            )
    except ValueError:
        raise Http404 from None
    return list(picked.values())


def _ids(request: HttpRequest, name: str) -> list[UUID]:
    try:
        return [UUID(value) for value in request.POST.getlist(name)[:MOST]]
    except ValueError:
        raise Http404 from None


def _answer(
    request: HttpRequest,
    by_comment: Mapping[UUID, Decision | DecisionRefused],
    decided: Sequence[Decision],
) -> dict[str, Any]:
    """Return the message, how to undo it, and the present card of each comment refused."""
    refused = {pk: r for pk, r in by_comment.items() if isinstance(r, DecisionRefused)}
    return {
        "message": gettext("Decided: %(number)s") % {"number": len(decided)},
        "undo": reverse("admin:moderation_undo_picks"),
        "decisions": [decision.pk for decision in decided],
        "seconds": settings.UNDO_SECONDS,
        "refused": [
            {"comment": pk, "problem": str(refusal), "card": render_card(pk, request)}
            for pk, refusal in refused.items()
        ],
    }


def _warn(request: HttpRequest, results: Any) -> None:
    """Say, once for each cause, how many could not be decided."""
    problems = [str(result) for result in results if isinstance(result, DecisionRefused)]
    for problem in dict.fromkeys(problems):
        messages.warning(
            request,
            gettext("%(number)s not decided: %(why)s")
            % {"number": problems.count(problem), "why": problem},
        )
