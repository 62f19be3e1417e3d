"""Read clients' forms: any charset, bare keys, arrays, multipart, thousands of fields.

Django's own parser refuses much of it, rightly for a web form. Here nothing is refused: what can't
be parsed, and what is beyond a limit, is left out, since a client that is refused publishes the
comment. A value is decoded when it is asked for, so that a call without a valid key costs no more
than to find the key.
"""

import codecs
from collections.abc import Iterator, Mapping
from itertools import chain
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from moderation.web.dialects import request_body

# Longer input is truncated: the body in bytes, one value in characters.
MAX_BYTES = 4 * 1024 * 1024
MAX_VALUE_LENGTH = 50_000
# WordPress sends the fields of its form, of its server and of all plugins: some hundreds. It never
# sends multipart, which costs more for each field.
MAX_FIELDS = 10_000
MAX_PARTS = 1000
MAX_NAME_LENGTH = 100
# A character has four bytes at most, each of which may be escaped by three.
MAX_RAW_LENGTH = 12 * MAX_VALUE_LENGTH
# The character sets of websites, by Python's names. Its other codecs unpack, make lone surrogates,
# or take time that grows faster than the text.
CHARSETS = (
    *("utf-8", "utf-16", "utf-32", "ascii", "iso8859", "iso2022", "cp", "koi8", "mac", "big5"),
    *("gb", "hz", "euc", "shift_jis", "johab", "tis", "ptcp", "kz1048", "hp-roman8"),
)


class Form(Mapping[str, str]):
    """The parameters of a call, decoded as they are read; of a repeated name the first value."""

    def __init__(self, values: Mapping[str, "RawValue"], charset: str) -> None:
        self._values, self._charset = values, charset

    def __getitem__(self, name: str) -> str:
        """Return a parameter's text; raise KeyError for one that did not come."""
        # PostgreSQL stores no NUL.
        text = self._values[name].read().decode(self._charset, "replace").replace("\x00", "")
        return text[:MAX_VALUE_LENGTH]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._values)


class RawValue:
    """The bytes of a value as they came."""

    def __init__(self, value: bytes, *, escaped: bool) -> None:
        self._value, self._escaped = value[:MAX_RAW_LENGTH], escaped

    def read(self) -> bytes:
        """Return the bytes without percent-encoding."""
        return _unquoted(self._value) if self._escaped else self._value


def read(request: HttpRequest) -> Form:
    """Return the parameters of body and query."""
    content_type, parameters = parse_header_parameters(request.headers.get("Content-Type", ""))
    body = request_body.read(request, MAX_BYTES)[:MAX_BYTES]
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    is_multipart = content_type == "multipart/form-data"
    of_body = (
        _multipart(body, parameters.get("boundary", "")) if is_multipart else _urlencoded(body)
    )
    raw: dict[str, RawValue] = {}
    for name, value in chain(of_body, _urlencoded(query)):
        raw.setdefault(name.decode("ascii", "replace"), value)
    of_blog = raw["blog_charset"].read() if "blog_charset" in raw else b""
    return Form(raw, _charset(parameters.get("charset", ""), of_blog[:MAX_NAME_LENGTH]))


def _urlencoded(body: bytes) -> Iterator[tuple[bytes, RawValue]]:
    for pair in body.split(b"&", MAX_FIELDS)[:MAX_FIELDS]:
        name, _, value = pair.partition(b"=")
        if 0 < len(name) <= MAX_NAME_LENGTH:
            yield _unquoted(name), RawValue(value, escaped=True)


def _multipart(body: bytes, boundary: str) -> Iterator[tuple[bytes, RawValue]]:
    """Yield the parts of a form up to the first fault, with one that the end cuts off."""
    name = b""
    pieces: list[bytes] = []
    for event in _events(body, boundary):
        if isinstance(event, MultipartSegment):
            name, pieces = event.name.encode("latin-1")[:MAX_NAME_LENGTH], []
        elif event is not None:
            pieces.append(event)
        else:
            yield name, RawValue(b"".join(pieces), escaped=False)
            name = b""
    if name:
        yield name, RawValue(b"".join(pieces), escaped=False)


def _events(body: bytes, boundary: str) -> Iterator[MultipartSegment | bytes | None]:
    try:
        parser = PushMultipartParser(
            boundary.encode(), max_segment_count=MAX_PARTS, header_charset="latin-1"
        )
        yield from parser.parse(body)
    except MultipartError:
        return


def _unquoted(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" "))


def _charset(of_header: str, of_blog: bytes) -> str:
    for name in (of_header, of_blog.decode("ascii", "replace")):
        try:
            codec = codecs.lookup(name or "?").name
        except (LookupError, UnicodeError, ValueError):
            continue
        if codec.startswith(CHARSETS):
            return codec
    return "utf-8"
