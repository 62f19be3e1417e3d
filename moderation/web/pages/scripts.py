"""The scripts that other people's pages load: each is one small file, made of readable ones."""

import gzip
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from rcssmin import cssmin
from rjsmin import jsmin

STATIC = Path(__file__).parent / "static" / "pages"
# Their modules, each after those that it needs.
SHARED = ("words", "memory", "api")
DRAWING = ("dom", "avatar", "fields", "votes", "dialogs", "nudge", "entry", "form", "watch")
MODULES = {"embed": (*SHARED, *DRAWING, "element"), "counts": (*SHARED, "counts")}
IMPORT, EXPORT = re.compile(r"^import .*\n", re.MULTILINE), re.compile(r"^export ", re.MULTILINE)
# The strings of the scripts: t("…"), phrase("…") and tn("one", "many").
SINGLE = re.compile(r'\b(?:t|phrase)\(\s*"((?:[^"\\]|\\.)*)"')
PLURAL = re.compile(r'\btn\(\s*"([^"]*)", "([^"]*)"')
# A number of each kind that a language may tell apart (Unicode CLDR, plural rules).
KINDS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}

View = Callable[..., HttpResponse]


def for_any_page(view: View) -> View:
    """Let any page keep what a view answers for an hour, and ask then whether it is new."""
    cached: View = conditional_page(cache_control(public=True, max_age=3600)(view))
    return require_safe(cached)


@for_any_page
def embed(request: HttpRequest) -> HttpResponse:
    """Serve the web component with its styles, which are those of the thread page."""
    return _answer(request, _joined("embed"), "text/javascript")


@for_any_page
def counts(request: HttpRequest) -> HttpResponse:
    """Serve the script that writes the number of replies beside articles."""
    return _answer(request, _joined("counts"), "text/javascript")


@for_any_page
def words(request: HttpRequest, language: str) -> HttpResponse:
    """Serve what the scripts say in a language; 404 when it is not one of ours."""
    if language not in dict(settings.LANGUAGES):
        raise Http404("There is no translation into this language.")
    return _answer(request, _words(language), "application/json")


def _answer(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content, headers["Content-Encoding"] = _gzipped(content), "gzip"
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8", headers=headers)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=32)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@lru_cache(maxsize=2)
def _joined(name: str) -> bytes:
    """Return the modules of a script as one file: what one exports, the next ones see."""
    source = _source(name)
    if name == "embed":
        styles = (STATIC / "thread.css").read_text(encoding="utf-8")
        source = source.replace('"STYLES"', json.dumps(cssmin(styles)))
    others = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return str(jsmin(source.replace('"LANGUAGES"', json.dumps(" ".join(others))))).encode()


def _source(name: str) -> str:
    paths = [STATIC / "embed" / f"{module}.js" for module in MODULES[name]]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return EXPORT.sub("", IMPORT.sub("", "\n".join(texts)))


@lru_cache(maxsize=32)
def _words(language: str) -> bytes:
    """Return the translations of the scripts' strings, plural ones by the kind of number."""
    source = _source("embed") + _source("counts")
    with translation.override(language):
        said: Mapping[str, Any] = {
            **{text: translation.gettext(text) for text in SINGLE.findall(source)},
            **{one: _forms(one, many) for one, many in PLURAL.findall(source)},
        }
        direction = "rtl" if translation.get_language_bidi() else "ltr"
        return json.dumps({"direction": direction, "messages": said}, ensure_ascii=False).encode()


def _forms(one: str, many: str) -> dict[str, str]:
    return {kind: translation.ngettext(one, many, number) for kind, number in KINDS.items()}
