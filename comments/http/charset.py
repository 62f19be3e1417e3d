"""Requests that are read as UTF-8, whatever charset a client claims.

Django decodes query strings and multipart forms by any codec of Python that a client names, before
a view or a middleware sees the request: `unicode_escape` makes lone surrogates, `zip` is no codec
for text, `punycode` takes quadratic time. Browsers send what our pages are in, UTF-8. (The form of
an Akismet client is read by `moderation.web.dialects.akismet.forms`, which knows its charset.)
"""

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import HttpRequest
from django.utils.http import parse_header_parameters


class IgnoreCharset(HttpRequest):
    """Leave `encoding` at the default."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = kind, parameters


class UTF8Request(IgnoreCharset, WSGIRequest):
    """The request class of the WSGI application."""


class AsyncUTF8Request(IgnoreCharset, ASGIRequest):
    """The request class of the ASGI application."""
