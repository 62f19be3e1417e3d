"""Serve avatars as SVG images."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from comments.text import avatars


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def avatar(request: HttpRequest, seed: str) -> HttpResponse:
    """Serve the avatar of a seed: immutable, loadable by any origin; 404 for an invalid seed."""
    try:
        svg = avatars.svg(seed)
    except ValueError:
        raise Http404("There is no such picture.") from None
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8", headers=headers)
