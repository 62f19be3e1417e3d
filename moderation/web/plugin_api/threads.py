"""Threads and comment counts, for a site's own servers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.http.views import get_or_not_found
from comments.models import Scope, Thread
from comments.threads import threads
from moderation.decisions import audit
from moderation.models import AuditAction, ChangedDay
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.filters import ThreadFilterSet
from moderation.web.plugin_api.serializers import (
    MergeSerializer,
    NewThreadSerializer,
    ThreadChangesSerializer,
    ThreadSerializer,
)
from moderation.web.shared.counts import CommentCountsSerializer, counts_response

MOST_COUNTS = 1000


class ThreadView(KeyView):
    """The base of the endpoints: the threads of the site."""

    scope = Scope.THREADS
    queryset = Thread.objects.all()
    lookup_url_kwarg = "thread_id"
    not_found = "There is no such thread."
    serializer_class = ThreadSerializer

    def record(self, action: AuditAction, thread: Thread, **detail: Any) -> None:
        """Write what the key does with a thread into the audit trail."""
        audit.record(
            action,
            site=self.site,
            by=self.key,
            now=timezone.now(),
            subject=thread.pk,
            detail=detail,
        )


class ThreadsView(ListModelMixin, ThreadView):
    """The threads of the site."""

    filterset_class = ThreadFilterSet

    @extend_schema(operation_id="site_list_threads")
    def get(self, request: Request) -> Response:
        """List the site's threads, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="site_open_thread",
        request=NewThreadSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: ThreadSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create a thread before its first comment; one that exists is returned as it is."""
        data = self.validated_body(NewThreadSerializer)
        return self.idempotent(lambda: self._open(threads.PageReference(**data)))

    def _open(self, page: threads.PageReference) -> Response:
        thread = threads.get_or_create_thread(self.site, page, now=timezone.now())
        threads.name_by_site(thread, page)
        return Response(ThreadSerializer(thread).data, status=201)


class ThreadChangeView(ThreadView):
    """One thread."""

    @extend_schema(operation_id="site_change_thread", request=ThreadChangesSerializer)
    def patch(self, request: Request, thread_id: UUID) -> Response:
        """Close or reopen a thread, change its title, or move it to a new address."""
        thread = self.get_object()
        changes = self.validated_body(ThreadChangesSerializer)
        try:
            self._change(thread, changes)
        except threads.ThreadExists as error:
            raise problems.Problem(409, error.code, str(error)) from None
        return Response(ThreadSerializer(thread).data)

    @transaction.atomic
    def _change(self, thread: Thread, changes: dict[str, Any]) -> None:
        if "closed" in changes:
            thread.closed_at = (thread.closed_at or timezone.now()) if changes["closed"] else None
            closed = changes["closed"]
            self.record(AuditAction.THREAD_CLOSED if closed else AuditAction.THREAD_OPENED, thread)
        if "title" in changes:
            thread.title, thread.named_by_site = changes["title"], True
        thread.save(update_fields=["closed_at", "title", "named_by_site"])
        if "url" in changes:
            threads.move(thread, url=changes["url"])
        if changed := sorted({"title", "url"} & set(changes)):
            self.record(AuditAction.THREAD_CHANGED, thread, changed=changed)


class ThreadMergeView(ThreadView):
    """Merging of two threads that are one page."""

    @extend_schema(
        operation_id="site_merge_thread",
        request=MergeSerializer,
        responses={200: ThreadSerializer},
    )
    def post(self, request: Request, thread_id: UUID) -> Response:
        """Move all comments of this thread to another one, and delete this one."""
        target_id = self.validated_body(MergeSerializer)["into"]
        target = get_or_not_found(self.get_queryset(), self.not_found, pk=target_id)
        thread = self.get_object()
        with transaction.atomic():
            self.record(AuditAction.THREADS_MERGED, target, merged=thread.key[:200])
            ChangedDay.objects.mark_threads([thread.pk, target.pk])
            merged = threads.merge(thread, into=target)
        return Response(ThreadSerializer(merged).data)


class SiteCountsView(KeyView):
    """Numbers of comments, for lists of articles."""

    scope = Scope.THREADS

    @extend_schema(
        operation_id="site_counts",
        parameters=[OpenApiParameter("thread", OpenApiTypes.STR, many=True)],
        responses=CommentCountsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return how many public comments each of up to 1,000 pages has."""
        return counts_response(request, self.site, most=MOST_COUNTS)
