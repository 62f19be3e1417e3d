"""A cache of thread pages, in the memory of each process.

The key of an entry has the version of its thread, which is in the database: one index lookup shows
whether the entry is fresh, in whichever process it was made. A decision sets a new version in its
own transaction, and so shows at once; stale entries are never read again, and are evicted when
the cache is full (LRU).
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

# A release that changes the fields of comments makes what browsers have cached stale.
SHAPE = ",".join(CommentSerializer.Meta.fields)


class CacheState(NamedTuple):
    """What a response depends on: the thread's version, and the reader's own pending comments."""

    thread: UUID | None = None
    version: int = 0
    own: tuple[tuple[UUID, str, int], ...] = ()

    @property
    def etag(self) -> str:
        """The weak entity tag (RFC 9110) of this state; weak, since gzip changes the bytes."""
        value = hashlib.sha256(f"{SHAPE} {self!r}".encode()).hexdigest()[:20]
        return f'W/"{value}"'


class CachedResponse(NamedTuple):
    """The JSON of a response, plain and gzipped."""

    plain: bytes
    zipped: bytes

    def size(self) -> int:
        """Return the memory that it takes, in bytes, roughly."""
        return len(self.plain) + len(self.zipped) + 1000


class ResponseCache:
    """A thread-safe LRU cache of responses, bounded by their size."""

    def __init__(self, megabytes: int) -> None:
        self._answers: LRUCache[Any, CachedResponse] = LRUCache(
            megabytes << 20, getsizeof=CachedResponse.size
        )
        self._lock = Lock()

    def get(self, key: Any) -> CachedResponse | None:
        """Return the cached response; None on a miss."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: Any, answer: CachedResponse) -> None:
        """Cache a response, unless it is larger than the whole cache."""
        with self._lock:
            if answer.size() <= self._answers.maxsize:
                self._answers[key] = answer


memory = ResponseCache(settings.READ_CACHE_MB)


def cached_response(request: HttpRequest, slug: str) -> HttpResponse | None:
    """Return the fresh cached response to a GET; None on a miss.

    Makes one query; one more for a reader who sends edit tokens.
    """
    name = canonical(request.GET.get("thread", ""))
    with connection.cursor() as cursor:
        cursor.execute(_version_query(connection.vendor), [digest(name), slug])
        row = cursor.fetchone()
    if row is None:
        return None
    thread, version, origins = UUID(str(row[0])), int(row[1]), str(row[2])
    state = CacheState(thread, version, own_state(thread, edit_tokens(request)))
    if request.headers.get("If-None-Match") == state.etag:
        response: HttpResponse = _with_headers(HttpResponseNotModified(), state)
    elif entry := memory.get((state, *_request_key(request))):
        response = _response(request, entry, state)
    else:
        return None
    return allow_origin(response, request, json.loads(origins))


def remember(request: HttpRequest, content: bytes, state: CacheState) -> HttpResponse:
    """Cache and return a response; `state` was read before its content was."""
    made = CachedResponse(content, gzip.compress(content, 6, mtime=0))
    if state.thread:
        memory.put((state, *_request_key(request)), made)
    response = _response(request, made, state)
    return get_conditional_response(request, etag=state.etag, response=response) or response


def own_state(thread: UUID, own: set[UUID]) -> tuple[tuple[UUID, str, int], ...]:
    """Return the pending comments of a thread among the reader's own."""
    if not own:
        return ()
    waiting = Comment.objects.filter(pk__in=own, thread=thread, status__in=STATUSES_WAITING)
    return tuple(sorted(waiting.values_list("pk", "status", "revision")))


def edit_tokens(request: HttpRequest) -> set[UUID]:
    """Return the ids of the comments whose edit tokens came in header or query of a GET."""
    header = request.headers.get("X-Edit-Token", "")
    values = [*(header.split(",") if header else []), *request.GET.getlist("edit_token")]
    return tokens.read_edit_tokens(values) if values else set()


@lru_cache
def _version_query(vendor: str) -> str:
    """Return the SQL for a thread's version, by its digest and its site's slug.

    It is compiled once for each database vendor: that takes longer than to run it.
    """
    named = Thread.objects.filter(key_digest="digest").filter(site__slug="slug")
    sql, values = named.values_list("pk", "version", "site__origins").query.sql_with_params()
    if values != ("digest", "slug"):
        raise AssertionError(f"the query asks for {values}")
    return str(sql)


def _request_key(request: HttpRequest) -> Sequence[str]:
    return str(request.scheme), request.get_host(), request.path, request.META["QUERY_STRING"]


def _response(request: HttpRequest, entry: CachedResponse, state: CacheState) -> HttpResponse:
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    body = entry.zipped if zipped else entry.plain
    response = HttpResponse(body, content_type="application/json")
    response["Content-Length"] = str(len(body))
    if zipped:
        response["Content-Encoding"] = "gzip"
    return _with_headers(response, state)


def _with_headers(response: HttpResponse, state: CacheState) -> HttpResponse:
    response["ETag"] = state.etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
