"""A cache of thread pages, in the memory of each process.

The key of an entry has the version of its thread, which is in the database: one index lookup shows
whether the entry is fresh, in whichever process it was made. A decision sets a new version in its
own transaction, and so shows at once; stale entries are never read again, and are evicted when
the cache is full (LRU).
"""

import gzip
import hashlib
import json
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from cachetools import LRUCache, TTLCache
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers

from comments.http import origins
from comments.models import Comment, Thread
from comments.models.thread import digest
from moderation.rules.outcomes import STATUSES_WAITING
from moderation.web.public_api.base import allow_origin
from moderation.web.shared.comment_serializers import CommentSerializer
from moderation.web.shared.submit import shown_edit_tokens

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
        self._answers: LRUCache[bytes, CachedResponse] = LRUCache(
            megabytes << 20, getsizeof=CachedResponse.size
        )
        self._lock = Lock()

    def get(self, key: bytes) -> CachedResponse | None:
        """Return the cached response; None on a miss."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: bytes, answer: CachedResponse) -> None:
        """Cache a response, unless it is larger than the whole cache."""
        with self._lock:
            if answer.size() <= self._answers.maxsize:
                self._answers[key] = answer


class ThreadNames:
    """Which threads the names in requests stand for, remembered for a minute.

    Working it out takes the site's settings; a change of these shows after that minute.
    """

    def __init__(self, *, seconds: int = 60, most: int = 10_000) -> None:
        self._threads: TTLCache[str, UUID] = TTLCache(most, seconds)
        self._lock = Lock()

    def thread(self, slug: str, name: str) -> UUID | None:
        """Return the id of the thread of a site that a name stood for; None if not known."""
        with self._lock:
            return self._threads.get(digest(f"{slug} {name}"))

    def learn(self, slug: str, name: str, thread: Thread | None) -> None:
        """Remember what a name stands for; a thread that does not exist yet may come to be."""
        if thread is not None:
            with self._lock:
                self._threads[digest(f"{slug} {name}")] = thread.pk


memory = ResponseCache(settings.READ_CACHE_MB)
names = ThreadNames()


def cached_response(request: HttpRequest, slug: str) -> HttpResponse | None:
    """Return the fresh cached response to a GET; None on a miss.

    Makes one query; one more for a reader who sends edit tokens.
    """
    thread = names.thread(slug, request.GET.get("thread", ""))
    if thread is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_version_query(connection.vendor), [_parameter(thread), slug])
        row = cursor.fetchone()
    if row is None:
        return None
    version, allowed = int(row[0]), json.loads(row[1])
    if origins.foreign_origin(request, allowed=allowed):
        return None
    state = CacheState(thread, version, own_state(thread, shown_edit_tokens(request)))
    if request.headers.get("If-None-Match") == state.etag:
        response: HttpResponse = _with_headers(HttpResponseNotModified(), state)
    elif entry := memory.get(_key(state, request)):
        response = _response(request, entry, state)
    else:
        return None
    return allow_origin(response, request, allowed)


def remember(request: HttpRequest, content: bytes, state: CacheState) -> HttpResponse:
    """Cache and return a response; `state` was read before its content was."""
    made = CachedResponse(content, gzip.compress(content, 6, mtime=0))
    if state.thread:
        memory.put(_key(state, request), made)
    response = _response(request, made, state)
    return get_conditional_response(request, etag=state.etag, response=response) or response


def own_state(thread: UUID, own: set[UUID]) -> tuple[tuple[UUID, str, int], ...]:
    """Return the pending comments of a thread among the reader's own."""
    if not own:
        return ()
    waiting = Comment.objects.filter(pk__in=own, thread=thread, status__in=STATUSES_WAITING)
    return tuple(sorted(waiting.values_list("pk", "status", "revision")))


@lru_cache
def _version_query(vendor: str) -> str:
    """Return the SQL for a thread's version, by its id and its site's slug.

    It is compiled once for each database vendor: that takes longer than to run it.
    """
    named = Thread.objects.filter(pk=UUID(int=0)).filter(site__slug="slug")
    sql, values = named.values_list("version", "site__origins").query.sql_with_params()
    if values[1:] != ("slug",):
        raise AssertionError(f"the query asks for {values}")
    return str(sql)


def _parameter(thread: UUID) -> Any:
    """Return an id as the database's driver takes it."""
    return Thread._meta.pk.get_db_prep_value(thread, connection)


def _key(state: CacheState, request: HttpRequest) -> bytes:
    """Return a digest of what a response depends on: callers choose how long their queries are."""
    query = request.META["QUERY_STRING"]
    parts = (state, request.scheme, request.get_host(), request.path, query)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).digest()


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
