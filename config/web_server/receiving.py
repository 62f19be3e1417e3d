"""How much of a request is received, before anybody knows who sends it."""

import json
import re
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.utilities import Error, RequestEntityTooLarge

from comments.http import problems

# The largest body that any view reads; and that of a file that is brought in, with what stands
# around it (`transfers.files.MAX_BYTES`, which can't be asked for before Django is set up). Bytes.
LARGEST, LARGEST_UPLOAD = 4 * 1024**2 + 1, 2 * 1024**3 + 1024**2
# What is larger is read and thrown away up to here, so that the client hears why: many send all of
# a request before they listen.
THROWN_AWAY = 64 * 1024 * 1024
# Files that may come in at once, in each process: they lie on the disk until they are complete.
UPLOADS = 4
UPLOAD_PATHS = re.compile(r"/(api/v1/imports|admin/moderation/transfer/add/?)")


class RefusedBody(Error):
    """The answer to a request that is not received."""

    def __init__(self, code: int, reason: str, name: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.reason, self.name = code, reason, name

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body: a problem document."""
        document = {
            "type": problems.BASE + self.name,
            "title": self.reason,
            "status": self.code,
            "detail": self.body,
        }
        headers = [("Content-Type", problems.MEDIA_TYPE), ("X-Content-Type-Options", "nosniff")]
        return f"{self.code} {self.reason}", headers, json.dumps(document).encode()


TOO_LARGE = RefusedBody(
    413, "Content Too Large", "too-large", f"A request may have {LARGEST - 1} bytes at most."
)
TOO_MANY = RefusedBody(
    503, "Service Unavailable", "unavailable", "Too many files come in at the moment. Try again."
)


class Nowhere:
    """A buffer that keeps nothing."""

    def append(self, data: bytes) -> None:
        """Throw bytes away."""

    def close(self) -> None:
        """Do nothing: there is nothing to free."""


class Parser(HTTPRequestParser):
    """waitress's parser, with a limit for each path; bodies beyond it are answered with 413."""

    # The uploads that are coming in to this process.
    uploads: set["Parser"] = set()  # noqa: RUF012 # It is shared on purpose.
    is_upload = False
    refusal: RefusedBody | None = None
    # Of waitress, which has no types.
    adj: Any
    completed: bool
    error: Any
    expect_continue: bool

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the header, and decide what becomes of the body."""
        super().parse_header(header_plus)
        if self.chunked or self.content_length >= LARGEST:
            self._limit(is_upload=bool(UPLOAD_PATHS.fullmatch(self.path)))

    def received(self, data: bytes) -> int:
        """Take bytes of the request; return how many."""
        consumed = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = TOO_LARGE
        if self.completed and self.refusal:
            self.error = self.refusal
        if self.completed:
            self.uploads.discard(self)
        return consumed

    def close(self) -> None:
        """Free what was received."""
        self.uploads.discard(self)
        super().close()

    def _limit(self, *, is_upload: bool) -> None:
        if is_upload and len(self.uploads) < UPLOADS:
            self.is_upload = True
            self.uploads.add(self)
        elif self.chunked:
            self.adj = _Smaller(self.adj)
        else:
            self._refuse(TOO_MANY if is_upload else TOO_LARGE)

    def _refuse(self, answer: RefusedBody) -> None:
        self.refusal = answer
        if self.expect_continue or self.content_length > THROWN_AWAY:
            # The client waits for leave to send, or would send for too long.
            self.expect_continue, self.error, self.completed = False, answer, True
        else:
            self.body_rcv = FixedStreamReceiver(self.content_length, Nowhere())


class _Smaller:
    """Adjustments of waitress with the usual limit of a body."""

    max_request_body_size = LARGEST

    def __init__(self, adjustments: Any) -> None:
        self._adjustments = adjustments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adjustments, name)
