"""PyPI `akismet`: the key in the body, and a transport that leads elsewhere.

Its second of patience is longer here: how fast the machine is at the moment is no property of the
code, and `make bench` measures how long a check takes.
"""

from typing import Any

import akismet
import httpx
import script


class Elsewhere(httpx.HTTPTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=script.PORT)
        request.headers["Host"] = f"127.0.0.1:{script.PORT}"
        return super().handle_request(request)


def client(key: str) -> Any:
    http_client = httpx.Client(mounts={"https://rest.akismet.com": Elsewhere()}, timeout=30.0)
    config = akismet.Config(key, script.BLOG)
    return akismet.SyncClient(config=config, http_client=http_client)


def check(**fields: Any) -> str:
    told = ours.comment_check(script.ADDRESS, comment_author="Ann", **fields)
    return {0: "ham", 1: "spam", 2: "discard"}[int(told)]


def key_sites_is_refused() -> bool:
    try:
        ours.key_sites()
    except akismet.APIKeyError:
        return True  # It forgets to send its key.
    return False


ours = client(script.KEY)
usage = ours.usage_limit()
seen = {
    "key": ours.verify_key(),
    "wrong key": client(script.WRONG_KEY).verify_key(),
    "good": check(comment_content=script.GOOD),
    "spam": check(comment_content=script.SPAM),
    "tester": check(
        comment_content=script.GOOD, comment_author_email=f"{script.TESTER}@example.com"
    ),
    "submit spam": ours.submit_spam(script.ADDRESS, comment_content=script.GOOD),
    "submit ham": ours.submit_ham(script.ADDRESS, comment_content=script.SPAM),
    "usage": sorted(usage),
    "key sites is refused": key_sites_is_refused(),
}
script.tell(seen)
