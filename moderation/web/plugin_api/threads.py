"""Threads and counts, for a site's own servers."""

from uuid import UUID

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.pagination import Pages
from comments.models import Scope, Thread
from comments.threads import reading, threads
from moderation.web.plugin_api import serializers
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.schema import ThreadPage
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS, CountsAnswer

MOST_COUNTS = 1000


class ThreadsView(KeyView):
    """The threads of the site."""

    scope = Scope.THREADS

    @extend_schema(
        operation_id="site_list_threads",
        parameters=[
            OpenApiParameter("thread", str, description="Only this one: its address or key."),
            OpenApiParameter("limit", int, description="A page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next`."),
        ],
        responses={200: ThreadPage, **PROBLEMS},
    )
    @method_decorator(conditional_page)
    def get(self, request: Request) -> Response:
        """List the site's threads, the newest first."""
        found = Thread.objects.filter(site=self.site)
        if name := request.query_params.get("thread"):
            found = Thread.objects.named(self.site, name)
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(
            serializers.ThreadSerializer(page or [], many=True).data
        )

    @extend_schema(
        operation_id="site_open_thread",
        request=serializers.NewThreadSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: serializers.ThreadSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Open a thread before its first comment; one that is there is returned as it is."""
        serializer = serializers.NewThreadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        named = {"key": "", "url": "", "title": "", **serializer.validated_data}
        return self.idempotent(request, lambda: self._open(named))

    def _open(self, named: dict[str, str]) -> Response:
        thread = threads.get_or_create_thread(self.site, **named, now=timezone.now())
        return Response(serializers.ThreadSerializer(thread).data, status=201)


class ThreadView(KeyView):
    """One thread."""

    scope = Scope.THREADS

    @extend_schema(
        operation_id="site_change_thread",
        request=serializers.ThreadChangesSerializer,
        responses={200: serializers.ThreadSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, thread_id: UUID) -> Response:
        """Close or open a thread, give it a title, or move it with its page."""
        thread = _thread(self, thread_id)
        serializer = serializers.ThreadChangesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        if "closed" in wanted:
            thread.closed_at = (thread.closed_at or timezone.now()) if wanted["closed"] else None
        if "title" in wanted:
            thread.title = wanted["title"]
        thread.save(update_fields=["closed_at", "title"])
        if "url" in wanted:
            try:
                threads.move(thread, url=wanted["url"])
            except threads.ThreadExists as error:
                raise problems.Problem(409, error.code, str(error)) from None
        return Response(serializers.ThreadSerializer(thread).data)


class MergeView(KeyView):
    """Two threads that are one page."""

    scope = Scope.THREADS

    @extend_schema(
        operation_id="site_merge_thread",
        request=serializers.MergeSerializer,
        responses={200: serializers.ThreadSerializer, **PROBLEMS},
    )
    def post(self, request: Request, thread_id: UUID) -> Response:
        """Move all comments of this thread to another one; this one is gone then."""
        serializer = serializers.MergeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        target = _thread(self, serializer.validated_data["into"])
        merged = threads.merge(_thread(self, thread_id), into=target)
        return Response(serializers.ThreadSerializer(merged).data)


class ThreadCountsView(KeyView):
    """Numbers of comments, for lists of articles."""

    scope = Scope.THREADS

    @extend_schema(
        operation_id="site_counts",
        parameters=[OpenApiParameter("thread", OpenApiTypes.STR, many=True)],
        responses={200: CountsAnswer, **PROBLEMS},
    )
    @method_decorator(conditional_page)
    def get(self, request: Request) -> Response:
        """Return how many public comments each of up to 1,000 pages has."""
        names = request.query_params.getlist("thread")
        if len(names) > MOST_COUNTS:
            raise problems.Problem(400, "too-many-threads", f"Ask for {MOST_COUNTS} at most.")
        return Response({"counts": reading.counts(self.site, names)})


def _thread(view: KeyView, thread_id: UUID) -> Thread:
    thread = Thread.objects.filter(site=view.site, pk=thread_id).first()
    if thread is None:
        raise NotFound("There is no such thread.")
    return thread
