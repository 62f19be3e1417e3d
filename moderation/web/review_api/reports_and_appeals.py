"""The review endpoints of complaints: readers' reports, authors' appeals."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Role
from moderation.models import Appeal, Decision, Report
from moderation.review.people.appeals import uphold
from moderation.web.review_api import requests
from moderation.web.review_api import serializers as shapes
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.record_serializers import (
    AppealPage,
    OpenAppealSerializer,
    ReportPage,
    SiteReportSerializer,
)
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS


class ReportsView(ReviewView):
    """Readers' complaints."""

    @extend_schema(
        parameters=[requests.ReportFilterSerializer], responses={200: ReportPage, **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        """List the reports at the caller's sites, the newest first."""
        wanted = requests.ReportFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        narrowed = dict(wanted.validated_data)
        sites = self.chosen(narrowed.pop("site", ""))
        reports = Report.objects.filter(comment__site__in=sites, **narrowed)
        return self.page(reports.select_related("comment__site"), SiteReportSerializer)


class AppealsView(ReviewView):
    """Authors' objections."""

    @extend_schema(
        operation_id="list_appeals",
        parameters=[requests.AppealFilterSerializer],
        responses={200: AppealPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List the appeals at the caller's sites, the newest first."""
        wanted = requests.AppealFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        appeals = _appeals(self.chosen(wanted.validated_data.get("site", "")))
        state = wanted.validated_data.get("state")
        if state == "open":
            appeals = appeals.filter(resolved_at=None)
        elif state:
            appeals = appeals.filter(outcome=state)
        return self.page(appeals, OpenAppealSerializer)


class AppealView(ReviewView):
    """One objection."""

    @extend_schema(operation_id="read_appeal", responses={200: OpenAppealSerializer, **PROBLEMS})
    def get(self, request: Request, appeal_id: UUID) -> Response:
        """Return an appeal and how it ended."""
        appeal = _appeals(self.chosen("")).filter(pk=appeal_id).first()
        if appeal is None:
            raise exceptions.NotFound("There is no such appeal.")
        return Response(OpenAppealSerializer(appeal).data)


class AppealAnswerView(ReviewView):
    """Answering an appeal; `verb` is `uphold` or `overturn`."""

    verb: Callable[..., Decision] = staticmethod(uphold)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.AppealAnswerSerializer,
        responses={201: shapes.DecisionSerializer, **PROBLEMS},
    )
    def post(self, request: Request, appeal_id: UUID) -> Response:
        """Answer an appeal with a statement of reasons for the author."""
        serializer = requests.AppealAnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        mine = Appeal.objects.filter(decision__comment__site__in=self.sites(Role.MODERATOR))
        appeal = mine.select_related("decision").filter(pk=appeal_id).first()
        if appeal is None:
            raise exceptions.NotFound("There is no such appeal.")
        reasoning = serializer.validated_data["reasoning"]
        return self.idempotent(request, lambda: self._answer(appeal, reasoning))

    def _answer(self, appeal: Appeal, reasoning: str) -> Response:
        decision = self.verb(appeal, moderator=self.user, reasoning=reasoning, now=timezone.now())
        return Response(shapes.DecisionSerializer(decision).data, status=201)


def _appeals(sites: list[UUID]) -> QuerySet[Appeal]:
    appeals = Appeal.objects.filter(decision__comment__site__in=sites)
    return appeals.select_related("decision__comment__site", "resolved_by", "answer")
