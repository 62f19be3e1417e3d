"""Reading requests: JSON whatever it is said to be, with each field checked by hand.

Clients send it without a content type, as plain text, as a form: the body alone tells. As in the
JSON of protocol buffers, a field may be spelt `scoreThreshold` or `score_threshold`, a number may
be a string, and one value may stand for a list of one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.http import HttpRequest

from comments.http import json_reader
from comments.text import language
from moderation.rules.verdicts import Category
from moderation.web.dialects import request_body
from moderation.web.dialects.perspective.errors import AnalyzerError, refused

MAX_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 20_480  # in UTF-8
# The languages of the classifier's training data, most of the first; see its card.
LANGUAGES = ("en", "de", "fr", "es", "pt", "zh", "ko")
# JSON with unquoted field names, as Google's own sample sends it. A string that is not closed, and
# a word without a colon, match too: what was looked at once is not looked at again.
STRING_OR_NAME = re.compile(
    r'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)|(?P<name>[^\W\d]\w*+)(?P<colon>\s*+:)?|\w++', re.DOTALL
)
# A field's name as protocol buffers have it. Names of attributes are in capitals.
SNAKE_CASE = re.compile(r"(?<![a-z0-9_])[a-z0-9]++(?:_[a-z0-9]++)++")
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
        raise AnalyzerError(f"Request payload size exceeds the limit: {MAX_BYTES} bytes.")
    try:
        data = parse_leniently(body)
    except json_reader.TooMuchJSON as error:
        raise AnalyzerError(str(error)) from None
    except json_reader.InvalidJSON:
        raise AnalyzerError("Invalid JSON payload received.") from None
    if not isinstance(data, dict):
        raise AnalyzerError("Invalid JSON payload received: an object is expected.")
    return {_camel_case(name): _in_camel_case(value) for name, value in data.items()}


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
        wants_spans=_is_true(data.get("spanAnnotations")),
        client_token=token_of(data),
        drops_unknown=_is_true(data.get("dropUnsupportedAttributes")),
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
    return text


def languages_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the requested languages; raise AnalyzerError when they are no strings."""
    named = data.get("languages") or []
    named = [named] if isinstance(named, str) else named
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
        return _number(summary["value"])
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        raise refused("INVALID_REQUEST", f"Attribute {name} has no score.") from None


def token_of(data: Mapping[str, Any]) -> str | None:
    """Return the client's own token, which the response repeats; None without one."""
    token = data.get("clientToken")
    return token if isinstance(token, str) else None


def parse_leniently(body: bytes) -> Any:
    """Return JSON whose field names need no quotation marks. Raises InvalidJSON."""
    text = json_reader.decode(body)
    try:
        return json_reader.parse_text(text, replace_unstorable=True)
    except json_reader.TooMuchJSON:
        raise
    except json_reader.InvalidJSON:
        quoted = STRING_OR_NAME.sub(_quoted, text)
        return json_reader.parse_text(quoted, replace_unstorable=True)


def _quoted(match: re.Match[str]) -> str:
    """Return a field name in quotation marks; a string, or another word, as it is."""
    return f'"{match["name"]}"{match["colon"]}' if match["colon"] else match[0]


def _in_camel_case(value: Any) -> Any:
    """Return JSON with the names of fields in the spelling that is read here."""
    if isinstance(value, list):
        return [_in_camel_case(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {_camel_case(name): _in_camel_case(item) for name, item in value.items()}


def _camel_case(name: str) -> str:
    if not SNAKE_CASE.fullmatch(name):
        return name
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_true(value: Any) -> bool:
    return value is True or value == "true"


def _number(value: Any) -> float:
    """Return a JSON number, or the number in a string; raise ValueError or TypeError."""
    if isinstance(value, bool):
        raise TypeError("true and false are no numbers")
    number = float(value)
    if not isfinite(number):
        raise ValueError("a score is finite")
    return number


def _threshold(name: str, options: Any) -> float:
    options = options or {}
    if not isinstance(options, dict):
        raise AnalyzerError(f"Invalid value at 'requested_attributes[{name}]'.")
    # Clients write the constant in small letters, too.
    score_type = str(options.get("scoreType") or "PROBABILITY").upper()
    if score_type not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise refused(
            "INVALID_REQUEST",
            f"Requested score type {score_type} is not supported by attribute {name}",
        )
    try:
        return _number(options.get("scoreThreshold") or 0.0)
    except (TypeError, ValueError):
        place = f"requested_attributes[{name}].score_threshold"
        raise AnalyzerError(f"Invalid value at '{place}'.") from None
