"""What was answered before, and is true still: pages of threads, kept in each process.

An answer is kept under the version of its thread, which the database knows: one look by an index
tells whether it is still true, in whichever process it was made. A decision makes a new version
together with the change itself, and so shows at once; what is old is never asked for again, and
falls out when there is no more room.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from cachetools import LRUCache
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers

from comments.models import Comment, Thread
from comments.models.thread import canonical, digest
from comments.privacy import tokens
from moderation.rules.outcomes import STATUSES_WAITING
from moderation.web.public_api.base import allow_origin
from moderation.web.shared.comment_serializers import CommentSerializer

# When comments are shown otherwise, after an update of ours, what browsers have is old.
SHAPE = ",".join(CommentSerializer.Meta.fields)


class CacheState(NamedTuple):
    """What an answer depends on: a thread's version, and the reader's own comments that wait."""

    thread: UUID | None = None
    version: int = 0
    own: tuple[tuple[UUID, str, int], ...] = ()

    @property
    def etag(self) -> str:
        """The entity tag (RFC 9110) of answers in this state; weak, as they come zipped, too."""
        mark = hashlib.sha256(f"{SHAPE} {self!r}".encode()).hexdigest()[:20]
        return f'W/"{mark}"'


class CachedResponse(NamedTuple):
    """The JSON of an answer, as it is and zipped."""

    plain: bytes
    zipped: bytes

    def weigh(self) -> int:
        """Roughly the memory that it takes, in bytes."""
        return len(self.plain) + len(self.zipped) + 1000


class ResponseCache:
    """Answers, of which those that were not asked for the longest are forgotten first."""

    def __init__(self, megabytes: int) -> None:
        self._answers: LRUCache[Any, CachedResponse] = LRUCache(
            megabytes << 20, getsizeof=CachedResponse.weigh
        )
        self._lock = Lock()

    def get(self, key: Any) -> CachedResponse | None:
        """Return the answer that is kept under a key."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: Any, answer: CachedResponse) -> None:
        """Keep an answer, unless it is larger than all the room there is."""
        with self._lock:
            if answer.weigh() <= self._answers.maxsize:
                self._answers[key] = answer


memory = ResponseCache(settings.READ_CACHE_MB)


def answer(request: HttpRequest, slug: str) -> HttpResponse | None:
    """Return the answer to a GET that was answered before; None where it must be made anew.

    One query; one more for a reader who shows edit tokens.
    """
    name = canonical(request.GET.get("thread", ""))
    with connection.cursor() as cursor:
        cursor.execute(_look(connection.vendor), [digest(name), slug])
        row = cursor.fetchone()
    if row is None:
        return None
    thread, version, origins = UUID(str(row[0])), int(row[1]), str(row[2])
    state = CacheState(thread, version, own_state(thread, shown_tokens(request)))
    if request.headers.get("If-None-Match") == state.etag:
        response: HttpResponse = _headed(HttpResponseNotModified(), state)
    elif known := memory.get((state, *_asked(request))):
        response = _response(request, known, state)
    else:
        return None
    return allow_origin(response, request, json.loads(origins))


def remember(request: HttpRequest, content: bytes, state: CacheState) -> HttpResponse:
    """Keep an answer that was made in a state that was read before it, and return it."""
    made = CachedResponse(content, gzip.compress(content, 6, mtime=0))
    if state.thread:
        memory.put((state, *_asked(request)), made)
    response = _response(request, made, state)
    return get_conditional_response(request, etag=state.etag, response=response) or response


def own_state(thread: UUID, shown: set[UUID]) -> tuple[tuple[UUID, str, int], ...]:
    """Return which of the comments that a reader has shown to have written wait in a thread."""
    if not shown:
        return ()
    waiting = Comment.objects.filter(pk__in=shown, thread=thread, status__in=STATUSES_WAITING)
    return tuple(sorted(waiting.values_list("pk", "status", "revision")))


def shown_tokens(request: HttpRequest) -> set[UUID]:
    """Return the comments whose edit tokens came in the header or the query of a GET."""
    header = request.headers.get("X-Edit-Token", "")
    shown = [*(header.split(",") if header else []), *request.GET.getlist("edit_token")]
    return tokens.read_edit_tokens(shown) if shown else set()


@lru_cache
def _look(vendor: str) -> str:
    """Return the query for a thread's version, of its digest and its site's slug.

    It is put together once for a kind of database: that takes longer than to run it.
    """
    named = Thread.objects.filter(key_digest="digest").filter(site__slug="slug")
    sql, values = named.values_list("pk", "version", "site__origins").query.sql_with_params()
    if values != ("digest", "slug"):
        raise AssertionError(f"the query asks for {values}")
    return str(sql)


def _asked(request: HttpRequest) -> Sequence[str]:
    return str(request.scheme), request.get_host(), request.path, request.META["QUERY_STRING"]


def _response(request: HttpRequest, known: CachedResponse, state: CacheState) -> HttpResponse:
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    body = known.zipped if zipped else known.plain
    response = HttpResponse(body, content_type="application/json")
    response["Content-Length"] = str(len(body))
    if zipped:
        response["Content-Encoding"] = "gzip"
    return _headed(response, state)


def _headed(response: HttpResponse, state: CacheState) -> HttpResponse:
    response["ETag"] = state.etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
