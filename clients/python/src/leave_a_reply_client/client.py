"""Calls to `/api/v1/` with the key of a site."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, cast
from uuid import uuid4

if TYPE_CHECKING:
    from leave_a_reply_client import models


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
    """Calls the API at an address with a key of a site; `timeout` is in seconds."""

    def __init__(self, address: str, key: str, *, timeout: float = 10.0) -> None:
        if not address.startswith(("https://", "http://")):
            raise ValueError("The address begins with https://.")
        self.base = f"{address.rstrip('/')}/api/v1/"
        self.key, self.timeout = key, timeout

    def post_comment(
        self, comment: models.VouchedSubmission, *, idempotency_key: str = ""
    ) -> models.OwnComment:
        """Send a comment for a reader; again with the same key it posts nothing twice."""
        headers = {"Idempotency-Key": idempotency_key or uuid4().hex}
        return cast("models.OwnComment", self.call("POST", "comments", comment, headers=headers))

    def comments(self, **filters: str) -> Iterator[models.SiteComment]:
        """Yield comments, page after page; filters are `status`, `thread`, `since`, `order`."""
        path = f"comments?{urllib.parse.urlencode(filters)}"
        while path:
            page = self.call("GET", path)
            yield from page["results"]
            path = str(page["next"] or "").partition("/api/v1/")[2]

    def comment(self, comment_id: str) -> models.SiteComment:
        """Return one comment."""
        return cast("models.SiteComment", self.call("GET", f"comments/{comment_id}"))

    def decide(self, comment_id: str, verdict: str, *, reasoning: str = "") -> models.SiteComment:
        """Record the site's own decision: APPROVE, HOLD, REJECT or SPAM."""
        change = {"verdict": verdict, "reasoning": reasoning}
        return cast("models.SiteComment", self.call("PATCH", f"comments/{comment_id}", change))

    def delete_comment(self, comment_id: str) -> None:
        """Delete a comment."""
        self.call("DELETE", f"comments/{comment_id}")

    def check(self, items: Sequence[models.Check]) -> list[models.CheckResult]:
        """Return what the house rules would say of up to 1,000 texts."""
        return list(self.call("POST", "checks", {"items": list(items)})["results"])

    def counts(self, threads: Sequence[str]) -> dict[str, int]:
        """Return how many public comments pages have, by their addresses or keys."""
        query = urllib.parse.urlencode([("thread", thread) for thread in threads])
        return dict(self.call("GET", f"counts?{query}")["counts"])

    def start_import(self, file: IO[bytes], **options: str) -> models.Transfer:
        """Send a file of comments; `transfer` tells how far it is."""
        path = f"imports?{urllib.parse.urlencode(options)}"
        return cast("models.Transfer", self._send("POST", path, file.read(), {}))

    def transfer(self, transfer_id: str) -> models.Transfer:
        """Return how far an import is."""
        return cast("models.Transfer", self.call("GET", f"imports/{transfer_id}"))

    def call(
        self, method: str, path: str, data: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Make any call below `/api/v1/`; return the parsed answer, or None. Raises Refused."""
        body = None if data is None else json.dumps(data).encode()
        return self._send(
            method, path, body, {"Content-Type": "application/json", **(headers or {})}
        )

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(  # noqa: S310 - see __init__
            self.base + path,
            method=method,
            data=body,
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/octet-stream",
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _problem(error)) from None
        return json.loads(content) if content else None


def _problem(error: urllib.error.HTTPError) -> Mapping[str, Any]:
    """Return the problem document; a proxy in between may answer with something else."""
    try:
        problem = json.load(error)
    except ValueError:
        problem = None
    return problem if isinstance(problem, dict) else {"detail": error.reason}
