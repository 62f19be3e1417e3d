"""`comments:analyze` and `comments:suggestscore`."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from itertools import accumulate
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from comments.models import KeyMode, Scope, SiteKey
from comments.models.comment import text_digest
from comments.text import language, readable
from moderation.models import Policy
from moderation.screening import classifier, shadow_comparison
from moderation.screening.classifier import ClassifierInput
from moderation.screening.labels import LabelledText, store_labels
from moderation.screening.learning import scores as site_scores
from moderation.screening.shadow_comparison import ComparedScore
from moderation.web.dialects import authentication
from moderation.web.dialects.perspective import cross_origin, requests
from moderation.web.dialects.perspective.errors import (
    AnalyzerError,
    bad_key,
    language_not_supported,
    refused,
    with_reason,
)
from moderation.web.dialects.perspective.requests import AnalysisRequest, category_of

log = logging.getLogger(__name__)
# A sentence, up to its end or that of the line, with the space behind it.
SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+|\n|$)\s*")
Scores = Mapping[str, float]


def perspective_view(
    scope: Scope,
) -> Callable[
    [Callable[[SiteKey, dict[str, Any]], dict[str, Any]]], Callable[[HttpRequest], HttpResponse]
]:
    """Make a Django view of a function of key and body; errors are responded as Google's are."""

    def decorate(
        handler: Callable[[SiteKey, dict[str, Any]], dict[str, Any]],
    ) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(handler)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method == "OPTIONS":
                return cross_origin.preflight(request)
            try:
                key = _key(request, scope)
                response = JsonResponse(handler(key, requests.read_json(request)))
            except AnalyzerError as error:
                response = error.response()
            except classifier.ClassifierAway:
                away = AnalyzerError("The service is currently unavailable.", code=503)
                response = away.response()
            except Exception:
                log.exception("a Perspective call failed")
                response = AnalyzerError("Internal error encountered.", code=500).response()
            return cross_origin.readable(response, request)

        return view

    return decorate


@perspective_view(Scope.CHECKS)
def analyze(key: SiteKey, data: dict[str, Any]) -> dict[str, Any]:
    """Score a text. It is neither stored nor logged, whatever `doNotStore` says."""
    analysis = requests.analysis_request(data)
    detected = requests.detected_languages(analysis)
    scored = _supported(analysis, detected)
    spans = _spans(analysis)
    texts = [analysis.text, *(analysis.text[begin:end] for begin, end in spans)]
    records = [
        ClassifierInput(text=readable.of_text(text), author_name="", author_url="")
        for text in texts
    ]
    whole, *parts = site_scores.score(records, site=key.site).deciding.rows
    if key.mode == KeyMode.SHADOW:
        shadow_comparison.record(
            _compared(analysis, scored, whole, key), key=key, now=timezone.now()
        )
    scores = {
        name: _attribute(analysis.text, whole[category], spans, [part[category] for part in parts])
        for name, category in scored.items()
        if whole[category] >= analysis.attributes[name]
    }
    response: dict[str, Any] = {"attributeScores": scores} if scores else {}
    response["languages"] = list(analysis.languages or detected)
    response["detectedLanguages"] = list(detected)
    return response | _token(analysis.client_token)


@perspective_view(Scope.FEEDBACK)
def suggest_score(key: SiteKey, data: dict[str, Any]) -> dict[str, Any]:
    """Store a person's scores of a text as labels: harmful from 0.5 on."""
    text = requests.text_of(data)
    suggested = data.get("attributeScores")
    if not isinstance(suggested, dict) or not suggested:
        raise refused("INVALID_REQUEST", "attribute_scores must not be empty.")
    labels = {
        category.value: requests.score_of(name, scores) >= 0.5
        for name, scores in suggested.items()
        if (category := category_of(name))
    }
    if not labels:
        raise refused("INVALID_REQUEST", f"Unknown attribute: {next(iter(suggested))}")
    labelled = LabelledText(text=readable.of_text(text), labels=labels)
    store_labels([labelled], site=key.site, by=key, now=timezone.now())
    response = {
        "detectedLanguages": [language.detect(text) or requests.LANGUAGES[0]],
        "requestedLanguages": list(requests.languages_of(data)),
    }
    return response | _token(requests.token_of(data))


def _key(request: HttpRequest, scope: Scope) -> SiteKey:
    if request.method != "POST":
        raise AnalyzerError("The method is not allowed: use POST.", code=405)
    try:
        key = authentication.authenticate(request, scope, now=timezone.now())
    except authentication.KeyMissing:
        raise AnalyzerError("The request is missing a valid API key.", code=403) from None
    except authentication.KeyUnknown:
        raise bad_key() from None
    except authentication.ScopeMissing:
        message = f"The key does not have the scope {scope}."
        raise with_reason("API_KEY_SERVICE_BLOCKED", message, code=403) from None
    except authentication.TooManyCalls:
        message = "Quota exceeded for this key: try again later."
        raise with_reason("RATE_LIMIT_EXCEEDED", message, code=429) from None
    if cross_origin.is_foreign(request, key):
        message = f"Requests from referer {request.headers['Origin'][:200]} are blocked."
        raise with_reason("API_KEY_HTTP_REFERRER_BLOCKED", message, code=403)
    return key


def _supported(analysis: AnalysisRequest, detected: Sequence[str]) -> dict[str, str]:
    """Return our category for each attribute; raise AnalyzerError for what we can't score."""
    ours = classifier.classifier().categories
    supported: dict[str, str] = {}
    for name in analysis.attributes:
        category = category_of(name)
        if category in ours:
            supported[name] = category.value if category else ""
        elif not analysis.drops_unknown:
            raise refused("INVALID_REQUEST", f"Unknown requested attribute: {name}")
    languages = analysis.languages or detected
    primary = {language.partition("-")[0].lower() for language in languages}
    for name in supported:
        if not primary <= set(requests.LANGUAGES):
            raise language_not_supported(name, languages, detected=detected)
    return supported


def _compared(
    analysis: AnalysisRequest, scored: Mapping[str, str], whole: Scores, key: SiteKey
) -> list[ComparedScore]:
    """Return our scores beside those of Perspective that a shadow client forwards."""
    thresholds = (
        Policy.objects.current(key.site).rules(classifier.recommended_thresholds()).thresholds
    )
    return [
        ComparedScore(
            category=category,
            text_digest=text_digest(analysis.text),
            score=whole[category],
            ours=category in thresholds and whole[category] >= thresholds[category].hold_at,
            their_score=analysis.their_scores.get(name),
        )
        for name, category in scored.items()
    ]


def _spans(analysis: AnalysisRequest) -> list[tuple[int, int]]:
    """Return the begin and end of each sentence in code points, if spans are requested."""
    if not analysis.wants_spans:
        return []
    return [match.span() for match in SENTENCE.finditer(analysis.text) if match.group().strip()]


def _attribute(
    text: str, whole: float, spans: Sequence[tuple[int, int]], parts: Sequence[float]
) -> dict[str, Any]:
    """Return the scores of one attribute; offsets count UTF-16 code units, as JavaScript does."""
    units = [0, *accumulate(2 if ord(character) > 0xFFFF else 1 for character in text)]
    sentences = [(begin, end, value) for (begin, end), value in zip(spans, parts, strict=True)]
    return {
        "spanScores": [
            {"begin": units[begin], "end": units[end], "score": _score(value)}
            for begin, end, value in sentences or [(0, len(text), whole)]
        ],
        "summaryScore": _score(whole),
    }


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}


def _token(token: str | None) -> dict[str, str]:
    return {} if token is None else {"clientToken": token}
