"""OpenAI's `POST /v1/moderations`, for the categories that the classifier has.

Those are five of its thirteen. The others are 0 and false in every answer, since typed clients
decode a number and a boolean for each; the header `X-Categories-Not-Scored` names them, and the
list of inputs that they were applied to is empty. OpenAI is a trademark of OpenAI; this service is
not affiliated with them.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from comments.http import json_reader, rate_limits
from comments.models import KeyMode, Scope, SiteKey
from comments.models.comment import text_digest
from comments.text import readable
from moderation.models import Policy
from moderation.rules.verdicts import Category, Rules
from moderation.screening import classifier, shadow_comparison
from moderation.screening.classifier import ClassifierInput
from moderation.screening.learning import scores as site_scores
from moderation.screening.shadow_comparison import ComparedScore
from moderation.web.dialects import authentication, request_body

log = logging.getLogger(__name__)
MAX_BYTES = 2 * 1024 * 1024
MAX_INPUTS = 1000
NOT_SCORED = "X-Categories-Not-Scored"
# Our categories for each of theirs: all of them must be found. An empty one is not scored.
MAPPING: Mapping[str, tuple[Category, ...]] = {
    "harassment": (Category.TOXICITY,),
    "harassment/threatening": (Category.TOXICITY, Category.THREAT),
    "hate": (Category.IDENTITY_ATTACK,),
    "hate/threatening": (Category.IDENTITY_ATTACK, Category.THREAT),
    "illicit": (),
    "illicit/violent": (),
    "self-harm": (),
    "self-harm/intent": (),
    "self-harm/instructions": (),
    "sexual": (Category.SEXUAL,),
    "sexual/minors": (),
    "violence": (Category.THREAT,),
    "violence/graphic": (),
}


class ModerationError(Exception):
    """Raised to respond an error of the API."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": kind, "param": param, "code": code}


@csrf_exempt
def moderations(request: HttpRequest) -> HttpResponse:
    """Score one text or many, and flag them by the site's own thresholds; no text is stored."""
    try:
        answer = _response(_key(request), _json(request))
        return JsonResponse(answer, headers={NOT_SCORED: ", ".join(_not_scored())})
    except ModerationError as error:
        response = JsonResponse({"error": error.error}, status=error.status)
        if error.status == 429:
            response["Retry-After"] = str(rate_limits.WINDOW)
        return response
    except classifier.ClassifierAway:
        failed = ModerationError("There is no classifier.", status=503, kind="server_error")
    except Exception:
        log.exception("a moderation call failed")
        failed = ModerationError("The service has a fault.", status=500, kind="server_error")
    return JsonResponse({"error": failed.error}, status=failed.status)


def _key(request: HttpRequest) -> SiteKey:
    if request.method != "POST":
        raise ModerationError("Use POST.", status=405)
    try:
        return authentication.authenticate(request, Scope.CHECKS, now=timezone.now())
    except (authentication.KeyMissing, authentication.KeyUnknown):
        message = "Incorrect API key provided."
        raise ModerationError(message, status=401, code="invalid_api_key") from None
    except authentication.ScopeMissing:
        raise ModerationError("This key does not have the scope checks.", status=403) from None
    except authentication.TooManyCalls:
        kind, code = "rate_limit_error", "rate_limit_exceeded"
        raise ModerationError("Too many requests.", status=429, kind=kind, code=code) from None


def _json(request: HttpRequest) -> dict[str, Any]:
    body = request_body.read(request, MAX_BYTES)
    if len(body) > MAX_BYTES:
        raise ModerationError(f"A request may have {MAX_BYTES} bytes at most.", status=413)
    try:
        data = json_reader.parse(body, replace_unstorable=True)
    except json_reader.TooMuchJSON as error:
        raise ModerationError(str(error), status=413) from None
    except json_reader.InvalidJSON:
        raise ModerationError("We could not parse the JSON body of your request.") from None
    if not isinstance(data, dict) or "input" not in data:
        raise ModerationError("Missing required parameter: 'input'.", param="input")
    return data


def _texts(value: Any) -> list[str]:
    """Return the texts to score: one for a string or a list of parts, else one for each string."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not 0 < len(value) <= MAX_INPUTS:
        expected = f"a string, or 1 to {MAX_INPUTS} strings or text parts"
        raise ModerationError(f"'input' must be {expected}.", param="input")
    if all(isinstance(text, str) for text in value):
        return value
    return ["\n".join(_part(part) for part in value)]


def _part(part: Any) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "image_url":
        raise ModerationError("Images can't be looked at here, texts only.", param="input")
    text = part.get("text") if kind == "text" else None
    if not isinstance(text, str):
        raise ModerationError("A part of 'input' must have the type 'text'.", param="input")
    return text


def _response(key: SiteKey, data: dict[str, Any]) -> dict[str, Any]:
    texts = _texts(data["input"])
    inputs = [
        ClassifierInput(text=readable.of_text(text), author_name="", author_url="")
        for text in texts
    ]
    scores = site_scores.score(inputs, site=key.site).deciding
    rules = Policy.objects.current(key.site).rules(classifier.recommended_thresholds())
    results = [_result(row, rules) for row in scores.rows]
    if key.mode == KeyMode.SHADOW:
        theirs = data.get("results")
        compared = _compared(texts, results, theirs if isinstance(theirs, list) else [])
        shadow_comparison.record(compared, key=key, now=timezone.now())
    return {
        "id": f"modr-{uuid4().hex}",
        "model": f"leave-a-reply-{scores.classifier_version}",
        "results": results,
    }


def _compared(
    texts: Sequence[str], ours: Sequence[dict[str, Any]], theirs: Sequence[Any]
) -> list[ComparedScore]:
    """Return our scores beside those of OpenAI that a shadow client forwards.

    Only categories that map to exactly one of ours are compared.
    """
    comparable = {name: ours[0] for name, ours in MAPPING.items() if len(ours) == 1}
    return [
        ComparedScore(
            category=category,
            text_digest=text_digest(text),
            score=own["category_scores"][name],
            ours=own["categories"][name],
            theirs=_value(other, "categories", name, bool),
            their_score=_value(other, "category_scores", name, float),
        )
        for text, own, other in zip_longest(texts, ours, theirs[: len(texts)])
        for name, category in comparable.items()
        if own["category_applied_input_types"][name]
    ]


def _value(result: Any, part: str, name: str, kind: type) -> Any:
    """Return a value in another service's result, if it has the type `kind`; None otherwise."""
    values = result.get(part) if isinstance(result, dict) else None
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, kind) else None


def _known(categories: Collection[str]) -> Mapping[str, tuple[Category, ...]]:
    """Return those of their categories for which the classifier has all of ours."""
    return {name: ours for name, ours in MAPPING.items() if ours and set(ours) <= set(categories)}


def _not_scored() -> list[str]:
    known = _known(classifier.classifier().categories)
    return [name for name in MAPPING if name not in known]


def _result(row: Mapping[str, float], rules: Rules) -> dict[str, Any]:
    known = _known(row)
    scores = {name: min(row[category] for category in ours) for name, ours in known.items()}
    flags = {
        name: all(
            category in rules.thresholds and row[category] >= rules.thresholds[category].hold_at
            for category in ours
        )
        for name, ours in known.items()
    }
    return {
        "flagged": any(flags.values()),
        "categories": {name: flags.get(name, False) for name in MAPPING},
        "category_scores": {name: scores.get(name, 0.0) for name in MAPPING},
        "category_applied_input_types": {
            name: ["text"] if name in known else [] for name in MAPPING
        },
    }
