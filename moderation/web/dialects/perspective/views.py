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
from comments.text import language
from moderation.models import Policy
from moderation.screening import classifier, shadow_comparison
from moderation.screening import labels as labelling
from moderation.screening.classifier import ClassifierInput
from moderation.screening.shadow_comparison import ComparedScore
from moderation.web.dialects import keyed
from moderation.web.dialects.perspective import requests
from moderation.web.dialects.perspective.errors import (
    AnalyzerError,
    bad_key,
    language_not_supported,
    refused,
)
from moderation.web.dialects.perspective.requests import AnalysisRequest, category_of

log = logging.getLogger(__name__)
# Up to the end of a sentence or line, and the space behind it.
SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+|\n|$)\s*")
Scores = Mapping[str, float]


def door(
    scope: Scope,
) -> Callable[
    [Callable[[SiteKey, dict[str, Any]], dict[str, Any]]], Callable[[HttpRequest], HttpResponse]
]:
    """Make a view of a function of key and body; whatever is wrong is answered in the dialect."""

    def decorate(
        answer: Callable[[SiteKey, dict[str, Any]], dict[str, Any]],
    ) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                key = _key(request, scope)
                return JsonResponse(answer(key, requests.read_json(request)))
            except AnalyzerError as error:
                return error.response()
            except classifier.ClassifierAway:
                return AnalyzerError("The service is currently unavailable.", code=503).response()
            except Exception:
                log.exception("a Perspective call failed")
                return AnalyzerError("Internal error encountered.", code=500).response()

        return view

    return decorate


@door(Scope.CHECKS)
def analyze(key: SiteKey, data: dict[str, Any]) -> dict[str, Any]:
    """Score a text. Nothing of it is stored or logged, whatever `doNotStore` says."""
    asked = requests.analysis(data)
    detected = requests.languages_in(asked)
    scored = _supported(asked, detected)
    spans = _spans(asked)
    texts = [asked.text, *(asked.text[begin:end] for begin, end in spans)]
    records = [ClassifierInput(text=text, author_name="", author_url="") for text in texts]
    whole, *parts = classifier.score(records).rows
    if key.mode == KeyMode.SHADOW:
        shadow_comparison.record(_compared(asked, scored, whole, key), key=key, now=timezone.now())
    scores = {
        name: _attribute(asked.text, whole[category], spans, [part[category] for part in parts])
        for name, category in scored.items()
        if whole[category] >= asked.attributes[name]
    }
    answer: dict[str, Any] = {"attributeScores": scores} if scores else {}
    answer["languages"] = list(asked.languages or detected)
    answer["detectedLanguages"] = list(detected)
    return answer | _token(asked.client_token)


@door(Scope.FEEDBACK)
def suggest_score(key: SiteKey, data: dict[str, Any]) -> dict[str, Any]:
    """Take a person's word on a text; it becomes labels to learn from."""
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
    told = labelling.LabelledText(text=text, labels=labels)
    labelling.label([told], site=key.site, now=timezone.now())
    answer = {
        "detectedLanguages": [language.detect(text) or requests.LANGUAGES[0]],
        "requestedLanguages": list(requests.languages_of(data)),
    }
    return answer | _token(requests.token_of(data))


def _key(request: HttpRequest, scope: Scope) -> SiteKey:
    if request.method != "POST":
        raise AnalyzerError("The method is not allowed: use POST.", code=405)
    try:
        return keyed.admit(request, scope, now=timezone.now())
    except keyed.KeyMissing:
        raise AnalyzerError("The request is missing a valid API key.", code=403) from None
    except keyed.KeyUnknown:
        raise bad_key() from None
    except keyed.ScopeMissing:
        raise AnalyzerError(f"The key does not have the scope {scope}.", code=403) from None
    except keyed.TooManyCalls:
        raise AnalyzerError("Quota exceeded for this key: try again later.", code=429) from None


def _supported(asked: AnalysisRequest, detected: Sequence[str]) -> dict[str, str]:
    """Return our category for each attribute; raise for what we can't honestly score."""
    ours = classifier.classifier().categories
    found: dict[str, str] = {}
    for name in asked.attributes:
        category = category_of(name)
        if category in ours:
            found[name] = category.value if category else ""
        elif not asked.drops_unknown:
            raise refused("INVALID_REQUEST", f"Unknown requested attribute: {name}")
    languages = asked.languages or detected
    primary = {language.partition("-")[0].lower() for language in languages}
    for name in found:
        if not primary <= set(requests.LANGUAGES):
            raise language_not_supported(name, languages, detected=detected)
    return found


def _compared(
    asked: AnalysisRequest, scored: Mapping[str, str], whole: Scores, key: SiteKey
) -> list[ComparedScore]:
    """Return what we say beside what the caller says that Perspective said."""
    thresholds = (
        Policy.objects.current(key.site).rules(classifier.recommended_thresholds()).thresholds
    )
    return [
        ComparedScore(
            category=category,
            text_digest=text_digest(asked.text),
            score=whole[category],
            ours=category in thresholds and whole[category] >= thresholds[category].hold_at,
            their_score=asked.answered.get(name),
        )
        for name, category in scored.items()
    ]


def _spans(asked: AnalysisRequest) -> list[tuple[int, int]]:
    """Return where the sentences begin and end, in characters, if they are asked for."""
    if not asked.wants_spans:
        return []
    return [match.span() for match in SENTENCE.finditer(asked.text) if match.group().strip()]


def _attribute(
    text: str, whole: float, spans: Sequence[tuple[int, int]], parts: Sequence[float]
) -> dict[str, Any]:
    """Return the scores of one attribute; offsets count UTF-16 code units, as JavaScript does."""
    units = [0, *accumulate(2 if ord(character) > 0xFFFF else 1 for character in text)]
    told = [(begin, end, value) for (begin, end), value in zip(spans, parts, strict=True)]
    return {
        "spanScores": [
            {"begin": units[begin], "end": units[end], "score": _score(value)}
            for begin, end, value in told or [(0, len(text), whole)]
        ],
        "summaryScore": _score(whole),
    }


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}


def _token(token: str | None) -> dict[str, str]:
    return {} if token is None else {"clientToken": token}
