"""The pictures beside comments."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from comments.text import avatars


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def avatar(request: HttpRequest, seed: str) -> HttpResponse:
    """Serve the picture of a seed, which never changes; pages of any site may show it."""
    try:
        picture = avatars.svg(seed)
    except ValueError:
        raise Http404("There is no such picture.") from None
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8", headers=headers)
