"""Several calls in one request, as Google's API clients send them (`new_batch_http_request`).

The body is `multipart/mixed`; each part is a whole HTTP request, and is answered by a part that is
a whole HTTP response. Source: Google's guide "Batching requests".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote
from uuid import uuid4

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from django.views.decorators.csrf import csrf_exempt

from comments.http import guesses
from moderation.web.dialects import request_body
from moderation.web.dialects.perspective import views
from moderation.web.dialects.perspective.errors import AnalyzerError, bad_key

MAX_BYTES = 4 * 1024 * 1024
MAX_CALLS = 100
# The longest boundary of RFC 2046, and the longest head of a part that any client needs.
MAX_BOUNDARY, MAX_HEAD = 70, 8192
METHODS: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
    "/v1alpha1/comments:analyze": views.analyze,
    "/v1alpha1/comments:suggestscore": views.suggest_score,
}
# The headers of a call that are read; whatever else matters is that of the whole request.
HEADERS = {"authorization": "HTTP_AUTHORIZATION", "x-goog-api-key": "HTTP_X_GOOG_API_KEY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a batch: the parts of an HTTP request, and the id by which its answer is known."""

    content_id: str
    method: str = ""
    target: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@csrf_exempt
def batch(request: HttpRequest) -> HttpResponse:
    """Answer each call of a batch. A wrong key ends the trying of keys, not the batch."""
    try:
        calls = _calls(request)
    except AnalyzerError as error:
        return error.response()
    boundary = f"batch_{uuid4().hex}"
    parts = [_part(call, _respond(call, request), boundary) for call in calls]
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return HttpResponse(body, content_type=f"multipart/mixed; boundary={boundary}")


def _respond(call: Call, outer: HttpRequest) -> HttpResponse:
    if guesses.is_marked(outer):
        return bad_key().response()
    inner = _request(call, outer)
    view = METHODS.get(inner.path)
    if view is None:
        return AnalyzerError("There is no such method.", code=404).response()
    response = view(inner)
    if guesses.is_marked(inner):
        guesses.mark(outer)
    return response


def _calls(request: HttpRequest) -> list[Call]:
    """Return the calls of a request; raise AnalyzerError for one that is no batch."""
    if request.method != "POST":
        raise AnalyzerError("The method is not allowed: use POST.", code=405)
    content_type, parameters = parse_header_parameters(request.headers.get("Content-Type", ""))
    boundary = parameters.get("boundary", "").encode("latin-1", "replace")
    if content_type != "multipart/mixed" or not 0 < len(boundary) <= MAX_BOUNDARY:
        raise AnalyzerError("A batch is multipart/mixed, with a boundary.")
    body = request_body.read(request, MAX_BYTES)
    if len(body) > MAX_BYTES:
        raise AnalyzerError(f"Request payload size exceeds the limit: {MAX_BYTES} bytes.")
    parts = list(_parts(body, boundary))
    if not 0 < len(parts) <= MAX_CALLS:
        raise AnalyzerError(f"A batch has 1 to {MAX_CALLS} calls.")
    return [_call(part) for part in parts]


def _parts(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield the parts between the delimiters, which stand at the start of a line (RFC 2046)."""
    delimiter = b"\n--" + boundary
    # One more than is allowed, and the end: what comes behind is not looked at.
    for part in (b"\n" + body).split(delimiter, MAX_CALLS + 2)[1:]:
        if part.startswith(b"--"):
            return
        yield part


def _call(part: bytes) -> Call:
    """Return the call of a part: its headers, then a request line, headers and a body."""
    # Behind the delimiter stands the rest of its line.
    _, _, rest = part.partition(b"\n")
    head, rest = _split(rest)
    content_id = _headers(head).get("content-id", "")
    request, body = _split(rest)
    line, _, head = request.partition("\n")
    method, _, target = line.strip().partition(" ")
    return Call(
        content_id=content_id[:200],
        method=method,
        target=target.rpartition(" ")[0] or target,
        headers=_headers(head),
        body=body,
    )


def _split(message: bytes) -> tuple[str, bytes]:
    """Return the head of a message and what follows its first empty line."""
    ends = [(message.find(end), len(end)) for end in (b"\r\n\r\n", b"\n\n")]
    at, length = min(((at, length) for at, length in ends if at >= 0), default=(len(message), 0))
    head = message[: min(at, MAX_HEAD)].decode("latin-1").replace("\r\n", "\n")
    return head.lstrip("\n"), message[at + length :]


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _request(call: Call, outer: HttpRequest) -> HttpRequest:
    """Return a call as a request of its own, from where the whole batch came."""
    path, _, query = call.target.partition("?")
    kept = {
        name: value
        for name, value in outer.META.items()
        if not name.startswith(("CONTENT_", "HTTP_AUTHORIZATION", "HTTP_X_GOOG"))
    }
    own = {HEADERS[name]: value for name, value in call.headers.items() if name in HEADERS}
    return WSGIRequest(
        {
            **kept,
            **own,
            "REQUEST_METHOD": call.method,
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(call.body)),
            "CONTENT_TYPE": "application/json",
            "wsgi.input": BytesIO(call.body),
        }
    )


def _part(call: Call, response: HttpResponse, boundary: str) -> bytes:
    """Return a response as a part, known by the id of its call."""
    content_id = call.content_id.strip("<>").encode("ascii", "replace").decode()
    lines = (
        f"--{boundary}",
        "Content-Type: application/http",
        f"Content-ID: <response-{content_id}>",
        "",
        f"HTTP/1.1 {response.status_code} {response.reason_phrase}",
        *(f"{name}: {value}" for name, value in response.items()),
        f"Content-Length: {len(response.content)}",
        "",
        "",
    )
    return "\r\n".join(lines).encode("latin-1", "replace") + response.content + b"\r\n"
