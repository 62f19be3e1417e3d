"""A small client of Leave a Reply's plugin API: copy it into your project. It needs no packages.

client = Client("https://comments.gazette.example", "lar_…")
client.post_comment(thread={"url": "https://gazette.example/a"}, body="Hi", author_name="Ann")
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4


class Refused(Exception):
    """The API refused; `problem` is its problem document (RFC 9457), `code` what to compare."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail')}")
        self.status, self.problem = status, problem

    @property
    def code(self) -> str:
        """The stable end of the problem's type."""
        return str(self.problem.get("type", "")).rpartition(":")[2]


class Client:
    """Speaks for one site, with a key of its own."""

    def __init__(self, address: str, key: str, *, timeout: float = 10.0) -> None:
        if not address.startswith(("https://", "http://")):
            raise ValueError("The address begins with https://.")
        self.base = f"{address.rstrip('/')}/api/v1/"
        self.key, self.timeout = key, timeout

    def post_comment(self, *, retry_as: str = "", **comment: Any) -> dict[str, Any]:
        """Send a comment for a reader; the same `retry_as` again posts nothing twice."""
        headers = {"Idempotency-Key": retry_as or uuid4().hex}
        return dict(self.call("POST", "comments", comment, headers=headers))

    def comments(self, **filters: str) -> Iterator[dict[str, Any]]:
        """Yield comments, page after page: `status`, `thread`, `since`, `order`."""
        path = f"comments?{urllib.parse.urlencode(filters)}"
        while path:
            page = self.call("GET", path)
            yield from page["results"]
            path = str(page["next"] or "").partition("/api/v1/")[2]

    def decide(self, comment_id: str, verdict: str, *, reasoning: str = "") -> dict[str, Any]:
        """Record the site's own decision: APPROVE, HOLD, REJECT or SPAM."""
        change = {"verdict": verdict, "reasoning": reasoning}
        return dict(self.call("PATCH", f"comments/{comment_id}", change))

    def delete_comment(self, comment_id: str) -> None:
        """Delete a comment."""
        self.call("DELETE", f"comments/{comment_id}")

    def check(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return what the house rules would say of up to 1,000 texts."""
        answer = self.call("POST", "checks", {"items": [{"text": text} for text in texts]})
        return list(answer["results"])

    def call(
        self, method: str, path: str, data: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Make one call and return the parsed answer. Raises Refused."""
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - see __init__
            self.base + path,
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={**sent, **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                body = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.load(error)) from None
        return json.loads(body) if body else None
