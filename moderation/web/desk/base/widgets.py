"""Secrets, shown once: on the page that answers the form, and nowhere else."""

from typing import Any, NamedTuple

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class ShownSecret(NamedTuple):
    """A secret, and what it is for."""

    what: str
    secret: str


def keep(request: HttpRequest, secret: str) -> None:
    """Keep a new secret until the answer to this request is made."""
    request.new_secret = secret  # type: ignore[attr-defined]


def kept(request: HttpRequest, what: str) -> ShownSecret:
    """Return the secret that was kept while the request was worked on."""
    return ShownSecret(what, request.new_secret)  # type: ignore[attr-defined]


def once(request: HttpRequest, model_admin: Any, secrets: list[ShownSecret]) -> HttpResponse:
    """Return the page with secrets, which is kept by no cache and can't be had again."""
    options = model_admin.model._meta
    context = {
        **admin.site.each_context(request),
        "title": "Copy it now",
        "opts": options,
        "secrets": secrets,
        "back": f"admin:{options.app_label}_{options.model_name}_changelist",
    }
    # No page of the desk is kept by a cache: Django sees to that.
    return TemplateResponse(request, "desk/secret.html", context)
