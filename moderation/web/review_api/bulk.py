"""The review endpoints for bulk decisions and saved views."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.models import BulkItem, BulkJob, SavedView
from moderation.review.queue import bulk
from moderation.rules.verdicts import Verdict
from moderation.web.review_api import requests
from moderation.web.review_api.base import ReviewView
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS


class JobSerializer(serializers.ModelSerializer[BulkJob]):
    """A bulk decision: of `total` comments `done` are decided and `refused` could not be."""

    verdict = serializers.CharField(help_text='"" for a job that undoes another one.')

    class Meta:
        model = BulkJob
        fields: tuple[str, ...] = (
            "id",
            "state",
            "verdict",
            "reasoning",
            "filters",
            "undoes",
            "total",
            "done",
            "refused",
            "started_at",
            "finished_at",
        )
        read_only_fields: tuple[str, ...] = fields


class JobPage(serializers.Serializer[Any]):
    """A page of jobs."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = JobSerializer(many=True)


class ItemSerializer(serializers.ModelSerializer[BulkItem]):
    """What came of one comment: a decision, or the code of the problem."""

    class Meta:
        model = BulkItem
        fields: tuple[str, ...] = ("comment", "decision", "problem")
        read_only_fields: tuple[str, ...] = fields


class ItemPage(serializers.Serializer[Any]):
    """A page of results."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ItemSerializer(many=True)


class ViewSerializer(serializers.ModelSerializer[SavedView]):
    """A part of the queue under a name of one's own."""

    class Meta:
        model = SavedView
        fields: tuple[str, ...] = ("id", "name", "filters", "created_at")
        read_only_fields: tuple[str, ...] = fields


class JobsView(ReviewView):
    """The caller's bulk decisions."""

    @extend_schema(operation_id="list_bulk_jobs", responses={200: JobPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List the caller's jobs, the newest first."""
        return self.page(BulkJob.objects.filter(moderator=self.user), JobSerializer)

    @extend_schema(
        operation_id="start_bulk_job",
        parameters=[IDEMPOTENCY_KEY],
        request=requests.BulkSerializer,
        responses={202: JobSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Decide about all that waits and matches; a job does it, and this answers at once."""
        serializer = requests.BulkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        return self.idempotent(request, lambda: self._start(data))

    def _start(self, data: dict[str, Any]) -> Response:
        _, wanted = requests.to_wanted(data["filters"])
        job = bulk.start(
            wanted,
            verdict=Verdict(data["verdict"]),
            reasoning=data["reasoning"],
            moderator=self.user,
            now=timezone.now(),
        )
        return Response(JobSerializer(job).data, status=202)


class JobView(ReviewView):
    """One bulk decision."""

    @extend_schema(operation_id="read_bulk_job", responses={200: JobSerializer, **PROBLEMS})
    def get(self, request: Request, job_id: UUID) -> Response:
        """Return how far a job has come."""
        return Response(JobSerializer(_job(self, job_id)).data)


class JobItemsView(ReviewView):
    """What came of each comment of a job."""

    @extend_schema(responses={200: ItemPage, **PROBLEMS})
    def get(self, request: Request, job_id: UUID) -> Response:
        """List the comments that the job has got to, the latest first."""
        return self.page(BulkItem.objects.filter(job=_job(self, job_id)), ItemSerializer)


class CancelJobView(ReviewView):
    """Stopping a job."""

    @extend_schema(request=None, responses={200: JobSerializer, **PROBLEMS})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Stop a job where it is; what it has decided stays."""
        job = bulk.cancel(_job(self, job_id), now=timezone.now())
        return Response(JobSerializer(job).data)


class UndoJobView(ReviewView):
    """Taking back a whole job."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY], request=None, responses={202: JobSerializer, **PROBLEMS}
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Take back all that the job decided and that still stands, as a job of its own."""
        job = _job(self, job_id)
        return self.idempotent(request, lambda: self._undo(job))

    def _undo(self, job: BulkJob) -> Response:
        undoing = bulk.undo(job, moderator=self.user, now=timezone.now())
        return Response(JobSerializer(undoing).data, status=202)


class SavedViewsView(ReviewView):
    """The caller's saved views."""

    @extend_schema(
        operation_id="list_saved_views",
        responses={200: ViewSerializer(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List the caller's saved views by name."""
        views = SavedView.objects.filter(user=self.user)
        return Response(ViewSerializer(views, many=True).data)

    @extend_schema(
        operation_id="save_view",
        request=requests.NewViewSerializer,
        responses={201: ViewSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Save a part of the queue under a name; one that is there is replaced."""
        serializer = requests.NewViewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        _, wanted = requests.to_wanted(data["filters"])
        view, _ = SavedView.objects.update_or_create(
            user=self.user, name=data["name"], defaults={"filters": wanted.to_json()}
        )
        return Response(ViewSerializer(view).data, status=201)


class SavedViewView(ReviewView):
    """One saved view."""

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, view_id: UUID) -> Response:
        """Forget a saved view."""
        SavedView.objects.filter(user=self.user, pk=view_id).delete()
        return Response(status=204)


def _job(view: ReviewView, job_id: UUID) -> BulkJob:
    job = BulkJob.objects.filter(moderator=view.user, pk=job_id).first()
    if job is None:
        raise exceptions.NotFound("There is no such job.")
    return job
