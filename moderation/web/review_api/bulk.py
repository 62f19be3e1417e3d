"""The review endpoints for bulk decisions and saved views."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.openapi import IDEMPOTENCY_KEY
from comments.http.views import get_or_not_found
from comments.models import Role
from moderation.models import BulkItem, BulkJob, SavedView
from moderation.review.queue import bulk, saved_views
from moderation.rules.verdicts import Verdict
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.requests import (
    BulkRequestSerializer,
    NewSavedViewSerializer,
    to_queue_filters,
)


class BulkJobSerializer(serializers.ModelSerializer[BulkJob]):
    """A bulk decision: of `total` comments `done` are decided and `refused` could not be."""

    verdict = serializers.CharField(help_text='"" for a job that undoes another one.')

    class Meta:
        model = BulkJob
        fields: tuple[str, ...] = (
            "id",
            "state",
            "verdict",
            "reasoning",
            "reason",
            "filters",
            "undoes",
            "total",
            "done",
            "refused",
            "started_at",
            "finished_at",
        )
        read_only_fields: tuple[str, ...] = fields


class BulkItemSerializer(serializers.ModelSerializer[BulkItem]):
    """The outcome for one comment: a decision, or the code of the problem."""

    class Meta:
        model = BulkItem
        fields: tuple[str, ...] = ("comment", "decision", "problem")
        read_only_fields: tuple[str, ...] = fields


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """Filters of the queue under a name."""

    class Meta:
        model = SavedView
        fields: tuple[str, ...] = ("id", "name", "filters", "created_at")
        read_only_fields: tuple[str, ...] = fields


class BulkJobView(ReviewView):
    """The base of the endpoints: the caller's jobs."""

    queryset = BulkJob.objects.all()
    lookup_url_kwarg = "job_id"
    not_found = "There is no such job."
    serializer_class: Any = BulkJobSerializer

    def get_queryset(self) -> QuerySet[BulkJob]:
        """Return the jobs that the caller started."""
        return BulkJob.objects.filter(moderator=self.user)


class BulkJobsView(ListModelMixin, BulkJobView):
    """The caller's bulk decisions."""

    @extend_schema(operation_id="list_bulk_jobs")
    def get(self, request: Request) -> Response:
        """List the caller's jobs, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="start_bulk_job",
        parameters=[IDEMPOTENCY_KEY],
        request=BulkRequestSerializer,
        responses={202: BulkJobSerializer},
    )
    def post(self, request: Request) -> Response:
        """Decide about all that waits and matches, in a background job."""
        data = self.validated_body(BulkRequestSerializer)
        return self.idempotent(lambda: self._start(data))

    def _start(self, data: dict[str, Any]) -> Response:
        job = bulk.start(
            to_queue_filters(data["filters"]),
            verdict=Verdict(data["verdict"]),
            reasoning=data["reasoning"],
            reason=data["reason"],
            moderator=self.user,
            now=timezone.now(),
        )
        return Response(BulkJobSerializer(job).data, status=202)


@extend_schema_view(get=extend_schema(operation_id="read_bulk_job"))
class BulkJobDetailView(BulkJobView, RetrieveAPIView[Any]):
    """Return the progress of a job."""


@extend_schema_view(get=extend_schema(operation_id="review_jobs_items_retrieve"))
class BulkItemsView(ReviewView, ListAPIView[Any]):
    """List the comments that the job has got to, the latest first."""

    queryset = BulkItem.objects.all()
    serializer_class = BulkItemSerializer

    def get_queryset(self) -> QuerySet[BulkItem]:
        """Return the items of one of the caller's jobs; raise NotFound for any other."""
        jobs = BulkJob.objects.filter(moderator=self.user)
        job = get_or_not_found(jobs, BulkJobView.not_found, pk=self.kwargs["job_id"])
        return BulkItem.objects.filter(job=job)


class CancelBulkJobView(BulkJobView):
    """Cancellation of a job."""

    @extend_schema(request=None, responses={200: BulkJobSerializer})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Stop a job where it is; what it has decided stays."""
        job = bulk.cancel(self.get_object(), now=timezone.now())
        return Response(BulkJobSerializer(job).data)


class UndoBulkJobView(BulkJobView):
    """Undoing of a whole job."""

    @extend_schema(parameters=[IDEMPOTENCY_KEY], request=None, responses={202: BulkJobSerializer})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Undo all decisions of the job that are still effective, as a job of its own."""
        job = self.get_object()
        return self.idempotent(lambda: self._undo(job))

    def _undo(self, job: BulkJob) -> Response:
        undoing = bulk.undo(job, moderator=self.user, now=timezone.now())
        return Response(BulkJobSerializer(undoing).data, status=202)


class SavedViewsView(ListModelMixin, ReviewView):
    """The caller's saved views of the queue."""

    write_role = Role.VIEWER
    queryset = SavedView.objects.all()
    serializer_class = SavedViewSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[SavedView]:
        """Return the caller's saved views."""
        return SavedView.objects.filter(user=self.user)

    @extend_schema(operation_id="list_saved_views")
    def get(self, request: Request) -> Response:
        """List the caller's saved views by name."""
        return self.list(request)

    @extend_schema(
        operation_id="save_view",
        request=NewSavedViewSerializer,
        responses={201: SavedViewSerializer},
    )
    def post(self, request: Request) -> Response:
        """Save filters of the queue under a name; an existing view of that name is replaced."""
        data = self.validated_body(NewSavedViewSerializer)
        filters = to_queue_filters(data["filters"]).to_json()
        view = saved_views.save(self.user, name=data["name"], filters=filters)
        return Response(SavedViewSerializer(view).data, status=201)


class SavedViewDetailView(ReviewView):
    """One saved view."""

    write_role = Role.VIEWER

    @extend_schema(operation_id="review_views_destroy", responses={204: None})
    def delete(self, request: Request, view_id: UUID) -> Response:
        """Delete a saved view; idempotent."""
        SavedView.objects.filter(user=self.user, pk=view_id).delete()
        return Response(status=204)
