"""Reading requests: JSON whatever it is said to be, with each field checked by hand.

Clients send it without a content type, as plain text, as a form: the body alone tells.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from comments.text import language
from moderation.rules.verdicts import Category
from moderation.web.dialects import request_body
from moderation.web.dialects.perspective.errors import AnalyzerError, refused

MAX_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 20_480  # in UTF-8
# The languages of the classifier's training data, most of the first; see its card.
LANGUAGES = ("en", "de", "fr", "es", "pt", "zh", "ko")
# JSON with unquoted field names, as Google's own sample sends it.
STRING_OR_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|([A-Za-z_]\w*)(?=\s*:)')
CATEGORIES: Mapping[str, Category] = {
    "TOXICITY": Category.TOXICITY,
    "SEVERE_TOXICITY": Category.SEVERE_TOXICITY,
    "IDENTITY_ATTACK": Category.IDENTITY_ATTACK,
    "INSULT": Category.INSULT,
    "PROFANITY": Category.PROFANITY,
    "THREAT": Category.THREAT,
    "SEXUALLY_EXPLICIT": Category.SEXUAL,
    "SPAM": Category.SPAM,
}
EXPERIMENTAL = "_EXPERIMENTAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRequest:
    """An analysis request; `attributes` map to the least score to return.

    `their_scores` are those of Perspective, which a shadow client forwards.
    """

    text: str
    attributes: Mapping[str, float]
    languages: tuple[str, ...]
    wants_spans: bool
    client_token: str | None
    drops_unknown: bool
    their_scores: Mapping[str, float]


def category_of(attribute: str) -> Category | None:
    """Return our category for an attribute, experimental or not; None for an unknown one."""
    return CATEGORIES.get(attribute.removesuffix(EXPERIMENTAL))


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the body, which must be a JSON object; raise AnalyzerError."""
    body = request_body.read(request, MAX_BYTES)
    if len(body) > MAX_BYTES:
        raise refused("COMMENT_TOO_LONG", "Comment text too long.")
    try:
        data = _parse(body)
    except (ValueError, RecursionError):
        raise AnalyzerError("Invalid JSON payload received.") from None
    if not isinstance(data, dict):
        raise AnalyzerError("Invalid JSON payload received: an object is expected.")
    return data


def analysis_request(data: Mapping[str, Any]) -> AnalysisRequest:
    """Return the parsed body of `comments:analyze`; raise AnalyzerError."""
    context = data.get("context")
    if isinstance(context, dict) and {"entries", "articleAndParentComment"} <= set(context):
        raise refused("INVALID_REQUEST", "Context may have entries or an article, not both.")
    attributes = data.get("requestedAttributes")
    if not isinstance(attributes, dict) or not attributes:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    return AnalysisRequest(
        text=text_of(data),
        attributes={name: _threshold(name, options) for name, options in attributes.items()},
        languages=languages_of(data),
        wants_spans=data.get("spanAnnotations") is True,
        client_token=token_of(data),
        drops_unknown=data.get("dropUnsupportedAttributes") is True,
        their_scores={
            name: score_of(name, scores)
            for name, scores in _object(data.get("attributeScores")).items()
        },
    )


def text_of(data: Mapping[str, Any]) -> str:
    """Return the comment's text; raise AnalyzerError when it is empty or too long."""
    comment = data.get("comment")
    text = comment.get("text") if isinstance(comment, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise refused("COMMENT_EMPTY", "Comment must be non-empty.")
    if len(text.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise refused("COMMENT_TOO_LONG", "Comment text too long.")
    if isinstance(comment, dict) and comment.get("type") not in (
        None,
        "PLAIN_TEXT",
        "COMMENT_TYPE_UNSPECIFIED",
        "TEXT_TYPE_UNSPECIFIED",
    ):
        raise refused("INVALID_REQUEST", "Currently, only 'PLAIN_TEXT' comments are supported")
    return text.encode("utf-8", "replace").decode()


def languages_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the requested languages; raise AnalyzerError when they are no list of strings."""
    named = data.get("languages") or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise AnalyzerError("Invalid value at 'languages': a list of strings is expected.")
    return tuple(named)


def detected_languages(request: AnalysisRequest) -> tuple[str, ...]:
    """Return the detected language of the text; where it is not clear, the requested ones."""
    detected = language.detect(request.text)
    return (detected,) if detected else request.languages or LANGUAGES[:1]


def score_of(name: str, scores: Any) -> float:
    """Return the summary or first span score of an attribute; raise AnalyzerError without one."""
    try:
        summary = scores.get("summaryScore") or scores["spanScores"][0]["score"]
        return float(summary["value"])
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        raise refused("INVALID_REQUEST", f"Attribute {name} has no score.") from None


def token_of(data: Mapping[str, Any]) -> str | None:
    """Return the client's own token, which the response repeats; None without one."""
    token = data.get("clientToken")
    return token if isinstance(token, str) else None


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        quoted = STRING_OR_NAME.sub(_quoted, body.decode())
        return json.loads(quoted)


def _quoted(match: re.Match[str]) -> str:
    return f'"{match[1]}"' if match[1] else match[0]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _threshold(name: str, options: Any) -> float:
    options = options or {}
    if not isinstance(options, dict):
        raise AnalyzerError(f"Invalid value at 'requested_attributes[{name}]'.")
    score_type = options.get("scoreType") or "PROBABILITY"
    if score_type not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise refused(
            "INVALID_REQUEST",
            f"Requested score type {score_type} is not supported by attribute {name}",
        )
    threshold = options.get("scoreThreshold") or 0.0
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise AnalyzerError(f"Invalid value at 'requested_attributes[{name}].score_threshold'.")
    return float(threshold)
