"""Read request bodies up to a limit, including chunked ones."""

from django.http import HttpRequest


def read(request: HttpRequest, limit: int) -> bytes:
    """Return at most `limit` + 1 bytes of the body: one too many shows that it is too long.

    Django reads no body without a Content-Length; some clients send chunks, which gunicorn has
    joined and terminated (`wsgi.input_terminated`).
    """
    if request.META.get("CONTENT_LENGTH") or not request.META.get("wsgi.input_terminated"):
        return request.read(limit + 1)
    body: bytes = request.META["wsgi.input"].read(limit + 1)
    return body
