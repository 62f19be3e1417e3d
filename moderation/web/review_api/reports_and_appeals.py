"""The review endpoints of readers' reports and authors' appeals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.openapi import IDEMPOTENCY_KEY
from moderation.models import Appeal, Decision, Report
from moderation.review.people import appeals, reports
from moderation.web.review_api.base import ReviewView, SiteListView
from moderation.web.review_api.filters import AppealFilterSet, ReportFilterSet
from moderation.web.review_api.record_serializers import OpenAppealSerializer, SiteReportSerializer
from moderation.web.review_api.requests import AppealAnswerSerializer
from moderation.web.review_api.serializers import DecisionSerializer

APPEALS = Appeal.objects.select_related("decision__comment__site", "resolved_by", "answer")
OF_APPEAL, NO_APPEAL = "decision__comment__site", "There is no such appeal."


@extend_schema_view(get=extend_schema(operation_id="review_reports_retrieve"))
class ReportsView(SiteListView, ListAPIView[Any]):
    """List the reports at the caller's sites, the newest first."""

    queryset = Report.objects.select_related("comment__site")
    site_lookup = "comment__site"
    serializer_class = SiteReportSerializer
    filterset_class = ReportFilterSet

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Return a page of reports with the records of their readers."""
        page = super().paginate_queryset(queryset)
        return None if page is None else reports.add_records(page, now=timezone.now())


@extend_schema_view(get=extend_schema(operation_id="list_appeals"))
class AppealsView(SiteListView, ListAPIView[Any]):
    """List the appeals at the caller's sites, the newest first."""

    queryset = APPEALS
    site_lookup = OF_APPEAL
    serializer_class = OpenAppealSerializer
    filterset_class = AppealFilterSet


@extend_schema_view(get=extend_schema(operation_id="read_appeal"))
class AppealDetailView(ReviewView, RetrieveAPIView[Any]):
    """Return an appeal and how it ended."""

    queryset = APPEALS
    site_lookup = OF_APPEAL
    lookup_url_kwarg = "appeal_id"
    not_found = NO_APPEAL
    serializer_class = OpenAppealSerializer


class AppealAnswerView(ReviewView):
    """The answer to an appeal; `answer` is `appeals.uphold` or `appeals.overturn`."""

    queryset = Appeal.objects.select_related("decision")
    site_lookup = OF_APPEAL
    lookup_url_kwarg = "appeal_id"
    not_found = NO_APPEAL
    answer: Callable[..., Decision] = staticmethod(appeals.uphold)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=AppealAnswerSerializer,
        responses={201: DecisionSerializer},
    )
    def post(self, request: Request, appeal_id: UUID) -> Response:
        """Answer an appeal with a statement of reasons for the author."""
        reasoning = self.validated_body(AppealAnswerSerializer)["reasoning"]
        appeal = self.get_object()
        return self.idempotent(lambda: self._answer(appeal, reasoning))

    def _answer(self, appeal: Appeal, reasoning: str) -> Response:
        decision = self.answer(appeal, moderator=self.user, reasoning=reasoning, now=timezone.now())
        return Response(DecisionSerializer(decision).data, status=201)
