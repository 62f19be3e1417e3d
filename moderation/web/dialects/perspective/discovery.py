"""The discovery document of Google's API clients, reduced to the two methods."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse


def discovery(request: HttpRequest) -> HttpResponse:
    """Return the discovery document with this host as its root URL."""
    root = f"{settings.PUBLIC_URL}/"
    if request.get_host():
        root = request.build_absolute_uri("/")
    return JsonResponse(_document(root))


def _document(root: str) -> dict[str, Any]:
    methods = {
        name: {
            "id": f"commentanalyzer.comments.{name}",
            "path": f"v1alpha1/comments:{name}",
            "flatPath": f"v1alpha1/comments:{name}",
            "httpMethod": "POST",
            "parameters": {},
            "parameterOrder": [],
            "request": {"$ref": "Body"},
            "response": {"$ref": "Body"},
        }
        for name in ("analyze", "suggestscore")
    }
    anything = {"id": "Body", "type": "object", "additionalProperties": {"type": "any"}}
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "version": "v1alpha1",
        "title": "Comment analyzer",
        "protocol": "rest",
        "rootUrl": root,
        "baseUrl": root,
        "basePath": "",
        "servicePath": "",
        "batchPath": "batch/commentanalyzer/v1alpha1",
        "parameters": {"key": {"type": "string", "location": "query"}},
        "schemas": {"Body": anything},
        "resources": {"comments": {"methods": methods}},
    }
