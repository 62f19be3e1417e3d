"""Sessions of `requests` for libraries, of which each request is made by `http_client`.

allauth asks providers of identity by them, and Apprise tells messengers.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from moderation.notifications.webhooks import http_client

# Seconds for one answer: somebody may wait to be signed in.
TIMEOUT = 10.0
# Headers that the client sets itself.
DROPPED = ("host", "connection", "accept-encoding", "user-agent")


class GuardedAdapter(BaseAdapter):
    """Hands the requests of a session to `http_client`, which checks where they go."""

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """Make one request; raise requests.ConnectionError when it is blocked or fails."""
        body = request.body or b""
        # Forms are sent as text or bytes; nothing here streams.
        content = body.encode() if isinstance(body, str) else bytes(body)  # type: ignore[arg-type]
        try:
            answer = http_client.send(
                request.method or "GET",
                request.url or "",
                body=content,
                headers=_headers(request.headers),
                timeout=TIMEOUT,
            )
        except http_client.Unreachable as error:
            raise requests.ConnectionError(str(error), request=request) from error
        return _response(request, answer)

    def close(self) -> None:
        """Do nothing: each request has its own connection."""


def session() -> requests.Session:
    """Return a session of which every request is checked, and that follows no redirect."""
    guarded = requests.Session()
    # No proxy, netrc or certificates of the environment.
    guarded.trust_env = False
    guarded.max_redirects = 0
    guarded.adapters.clear()
    guarded.mount("https://", GuardedAdapter())
    guarded.mount("http://", GuardedAdapter())
    return guarded


def _headers(given: Mapping[str, str | bytes]) -> dict[str, str]:
    sent = {name: value for name, value in given.items() if name.lower() not in DROPPED}
    return {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in sent.items()
    }


def _response(request: requests.PreparedRequest, answer: http_client.Response) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response.raw = BytesIO(answer.body)
    response.url, response.request = request.url or "", request
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    return response
