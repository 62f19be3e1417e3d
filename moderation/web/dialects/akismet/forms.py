"""Parse clients' forms: any charset, bare keys, arrays, multipart, thousands of fields.

Django's own parser refuses much of it, rightly for a web form. Here nothing is refused: what can't
be parsed is left out, since a client that is refused publishes the comment.
"""

from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from moderation.web.dialects import request_body

# Longer input is truncated: the body in bytes, one value in characters.
MAX_BYTES = 4 * 1024 * 1024
MAX_VALUE_LENGTH = 50_000


def read(request: HttpRequest) -> Mapping[str, str]:
    """Return the parameters of body and query; of a repeated name the first value."""
    content_type, parameters = parse_header_parameters(request.headers.get("Content-Type", ""))
    body = request_body.read(request, MAX_BYTES)[:MAX_BYTES]
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    if content_type == "multipart/form-data":
        pairs = [*_multipart(body, request.headers["Content-Type"]), *_urlencoded(query)]
    else:
        pairs = [*_urlencoded(body), *_urlencoded(query)]
    raw: dict[str, bytes] = {}
    for name, value in pairs:
        raw.setdefault(name.decode("ascii", "replace"), value)
    charset = _charset(parameters.get("charset", ""), raw.get("blog_charset", b""))
    return {name: _text(value, charset) for name, value in raw.items()}


def _urlencoded(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name:
            yield unquote_to_bytes(name), unquote_to_bytes(value.replace(b"+", b" "))


def _multipart(body: bytes, content_type: str) -> Iterator[tuple[bytes, bytes]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            yield name.encode(), payload


def _charset(of_header: str, of_blog: bytes) -> str:
    for name in (of_header, of_blog.decode("ascii", "replace")):
        try:
            # str.encode refuses codecs that are no charsets, such as those that unpack.
            "".encode(name or "?")
        except (LookupError, UnicodeError, ValueError):
            continue
        return name
    return "utf-8"


def _text(value: bytes, charset: str) -> str:
    # PostgreSQL stores no NUL.
    return value.decode(charset, "replace").replace("\x00", "")[:MAX_VALUE_LENGTH]
