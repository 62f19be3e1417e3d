"""Serve the scripts that other people's pages load, and their translations.

The scripts are bundled with esbuild before a release (`make bundle`) and served as committed.
"""

import gzip
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.i18n import JSONCatalog

DIST = Path(__file__).parent / "static" / "pages" / "dist"
# A sample number of each plural category that a language may have (Unicode CLDR).
SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}

View = Callable[..., HttpResponseBase]


def cached_for_any_page(view: View) -> View:
    """Let browsers cache a response for an hour, then revalidate it by its ETag."""
    cached: View = conditional_page(cache_control(public=True, max_age=3600)(view))
    return require_safe(cached)


@cached_for_any_page
def embed(request: HttpRequest) -> HttpResponse:
    """Serve the web component; its styles, which the thread page shares, are inlined."""
    return _response(request, _bundle("embed.js"), "text/javascript")


@cached_for_any_page
def later(request: HttpRequest) -> HttpResponse:
    """Serve what the web component loads when somebody writes, votes or asks for more."""
    return _response(request, _bundle("later.js"), "text/javascript")


@cached_for_any_page
def counts(request: HttpRequest) -> HttpResponse:
    """Serve the script that writes the number of replies beside links to articles."""
    return _response(request, _bundle("counts.js"), "text/javascript")


@cached_for_any_page
def catalog(request: HttpRequest, language: str) -> HttpResponseBase:
    """Serve the scripts' translations into a language; 404 when it is not in `LANGUAGES`."""
    if language not in dict(settings.LANGUAGES):
        raise Http404("There is no translation into this language.")
    with translation.override(language):
        return CatalogView.as_view()(request)


class CatalogView(JSONCatalog):
    """Render the `djangojs` catalog of the active language.

    `plural` maps a CLDR category, as `Intl.PluralRules` names it, to the index of the form. What
    Django puts there is an expression, and a strict Content-Security-Policy forbids evaluating it.
    """

    # Named, so that the catalogs of other apps, such as the admin, stay out.
    packages = ["moderation.web.pages"]  # noqa: RUF012 # A list in the parent.

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the translations, the plural forms and the direction of writing."""
        return {
            "catalog": self.get_catalog(),
            "plural": {name: self.translation.plural(n) for name, n in SAMPLES.items()},
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return JSON, compressed where the client accepts it."""
        content = json.dumps(context, ensure_ascii=False).encode()
        return _response(self.request, content, "application/json")


def _response(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content, headers["Content-Encoding"] = _compressed(content), "gzip"
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8", headers=headers)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


# By content, and without a time in it: the same bytes keep the same ETag.
@lru_cache(maxsize=32)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@lru_cache(maxsize=3)
def _bundle(name: str) -> bytes:
    return (DIST / name).read_bytes()
