"""Serve the pictures beside comments: those of signed-on readers, and drawn ones."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from comments.models import Picture
from comments.text import avatars

HEADERS = {"Cross-Origin-Resource-Policy": "cross-origin"}


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def avatar(request: HttpRequest, seed: str) -> HttpResponse:
    """Serve the avatar of a seed: immutable, loadable by any origin; 404 for an invalid seed."""
    try:
        svg = avatars.svg(seed)
    except ValueError:
        raise Http404("There is no such picture.") from None
    return _drawn(svg)


@require_safe
@cache_control(public=True, max_age=3600)
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Serve a signed-on reader's picture, or a drawn one while there is none, to any origin."""
    found = get_object_or_404(Picture, pk=pk)
    if not found.content:
        return _drawn(avatars.svg(pk.hex[:12]))
    return HttpResponse(bytes(found.content), content_type="image/webp", headers=HEADERS)


def _drawn(svg: str) -> HttpResponse:
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8", headers=HEADERS)
