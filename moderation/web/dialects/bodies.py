"""Reading the body of a request, as much of it as we take."""

from django.http import HttpRequest


def read(request: HttpRequest, most: int) -> bytes:
    """Return the body up to `most` bytes and one more, by which a caller tells that it is too long.

    Django reads no body without a Content-Length; some clients send theirs in chunks, which
    gunicorn has put together and ended.
    """
    if request.META.get("CONTENT_LENGTH") or not request.META.get("wsgi.input_terminated"):
        return request.read(most + 1)
    body: bytes = request.META["wsgi.input"].read(most + 1)
    return body
