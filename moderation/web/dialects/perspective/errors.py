"""Errors word for word as clients look for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

from comments.http import rate_limits

TYPE = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    405: "UNIMPLEMENTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class AnalyzerError(Exception):
    """A call that can't be answered; `details` are the entries of the error's `details`."""

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
    """Return the error for a request that makes no sense to the analyzer."""
    return AnalyzerError(message, details=[{"@type": TYPE, "errorType": error_type, **more}])


def bad_key() -> AnalyzerError:
    """Return the error for a key that is none."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "commentanalyzer.googleapis.com"},
    }
    return AnalyzerError("API key not valid. Please pass a valid API key.", details=[info])


def language_not_supported(
    attribute: str, requested: Sequence[str], *, detected: Sequence[str]
) -> AnalyzerError:
    """Return the error for languages that the classifier has not learned."""
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {attribute} does not support request languages: {','.join(requested)}",
        languageNotSupportedByAttributeError={
            "attribute": attribute,
            "requestedLanguages": list(requested),
            "detectedLanguages": list(detected),
        },
    )
