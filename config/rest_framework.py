"""Settings of Django REST framework and of the tokens of knox."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["comments.http.requests.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "comments.http.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "comments.http.problems.handle",
    "UNAUTHENTICATED_USER": None,
    # `?format=` is ours to use: there is one representation of everything.
    "URL_FORMAT_OVERRIDE": None,
}
# `review_tokens` says when a token ends.
REST_KNOX: dict[str, Any] = {"TOKEN_TTL": None}
KNOX_TOKEN_MODEL = "knox.AuthToken"
