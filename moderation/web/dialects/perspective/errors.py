"""Errors of the Perspective API, word for word as clients match them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

from comments.http import rate_limits

TYPE = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class AnalyzerError(Exception):
    """Raised to respond an error; `details` are the entries of its `details`."""

    def __init__(
        self, message: str, *, code: int = 400, details: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.code, self.details = code, list(details)

    def response(self) -> JsonResponse:
        """Return the error as JSON."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": str(self),
            "status": STATUSES[self.code],
        }
        if self.details:
            error["details"] = self.details
        response = JsonResponse({"error": error}, status=self.code)
        if self.code == 429:
            response["Retry-After"] = str(rate_limits.WINDOW)
        return response


def refused(error_type: str, message: str, **more: Any) -> AnalyzerError:
    """Return the error for an invalid request, with the analyzer's error type."""
    return AnalyzerError(message, details=[{"@type": TYPE, "errorType": error_type, **more}])


def with_reason(reason: str, message: str, *, code: int) -> AnalyzerError:
    """Return an error of Google's gateway, which tells programs why by a constant.

    Source: google.api.ErrorReason in github.com/googleapis/googleapis.
    """
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "commentanalyzer.googleapis.com"},
    }
    return AnalyzerError(message, code=code, details=[info])


def bad_key() -> AnalyzerError:
    """Return the error for a key that is not valid."""
    message = "API key not valid. Please pass a valid API key."
    return with_reason("API_KEY_INVALID", message, code=400)


def language_not_supported(
    attribute: str, requested: Sequence[str], *, detected: Sequence[str]
) -> AnalyzerError:
    """Return the error for languages that the classifier was not trained on."""
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {attribute} does not support request languages: {','.join(requested)}",
        languageNotSupportedByAttributeError={
            "attribute": attribute,
            "requestedLanguages": list(requested),
            "detectedLanguages": list(detected),
        },
    )
