"""Reading requests: JSON whatever it is said to be, with each field checked by hand.

Clients send it without a content type, as plain text, as a form: the body alone tells.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from moderation.dialects.perspective.errors import AnalyzerError, refused
from moderation.verdicts import Category

MOST_BYTES = 1024 * 1024
LONGEST_TEXT = 20_480  # bytes in UTF-8
# What the classifier has learned enough of.
LANGUAGES = ("en", "de", "es", "fr", "pt")
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
class Analysis:
    """What is asked for: attributes with the least score that is worth telling."""

    text: str
    attributes: Mapping[str, float]
    languages: tuple[str, ...]
    wants_spans: bool
    client_token: str | None
    drops_unknown: bool


def category_of(attribute: str) -> Category | None:
    """Return our category for an attribute; the experimental ones are the same to us."""
    return CATEGORIES.get(attribute.removesuffix(EXPERIMENTAL))


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the body, a JSON object; raise AnalyzerError when it is none."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise refused("COMMENT_TOO_LONG", "Comment text too long.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise AnalyzerError("Invalid JSON payload received.") from None
    if not isinstance(data, dict):
        raise AnalyzerError("Invalid JSON payload received: an object is expected.")
    return data


def analysis(data: Mapping[str, Any]) -> Analysis:
    """Return what a body of `comments:analyze` asks for; raise AnalyzerError."""
    context = data.get("context")
    if isinstance(context, dict) and {"entries", "articleAndParentComment"} <= set(context):
        raise refused("INVALID_REQUEST", "Context may have entries or an article, not both.")
    attributes = data.get("requestedAttributes")
    if not isinstance(attributes, dict) or not attributes:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    return Analysis(
        text=text_of(data),
        attributes={name: _threshold(name, wanted) for name, wanted in attributes.items()},
        languages=languages_of(data),
        wants_spans=data.get("spanAnnotations") is True,
        client_token=token_of(data),
        drops_unknown=data.get("dropUnsupportedAttributes") is True,
    )


def text_of(data: Mapping[str, Any]) -> str:
    """Return the comment's text; raise AnalyzerError when there is none, or too much."""
    comment = data.get("comment")
    text = comment.get("text") if isinstance(comment, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise refused("COMMENT_EMPTY", "Comment must be non-empty.")
    if len(text.encode("utf-8", "replace")) > LONGEST_TEXT:
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
    """Return the languages that the caller names."""
    named = data.get("languages") or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise AnalyzerError("Invalid value at 'languages': a list of strings is expected.")
    return tuple(named)


def token_of(data: Mapping[str, Any]) -> str | None:
    """Return the caller's own mark, which goes back with the answer."""
    token = data.get("clientToken")
    return token if isinstance(token, str) else None


def _threshold(name: str, wanted: Any) -> float:
    wanted = wanted or {}
    if not isinstance(wanted, dict):
        raise AnalyzerError(f"Invalid value at 'requested_attributes[{name}]'.")
    score_type = wanted.get("scoreType") or "PROBABILITY"
    if score_type not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise refused(
            "INVALID_REQUEST",
            f"Requested score type {score_type} is not supported by attribute {name}",
        )
    threshold = wanted.get("scoreThreshold") or 0.0
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise AnalyzerError(f"Invalid value at 'requested_attributes[{name}].score_threshold'.")
    return float(threshold)
