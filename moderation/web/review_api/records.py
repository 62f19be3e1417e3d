"""The review endpoints that look back: search, statistics, transparency reports, audit trail."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import csv
from comments.models import Comment, Role
from moderation.insight import statistics, transparency
from moderation.models import AuditEntry
from moderation.review.queue import blind
from moderation.web.review_api.base import OneSiteView, ReviewView, SiteListView
from moderation.web.review_api.filters import AuditFilterSet, CommentSearchFilterSet
from moderation.web.review_api.record_serializers import AuditEntrySerializer, StatisticsSerializer
from moderation.web.review_api.requests import PeriodSerializer, SiteChoiceSerializer
from moderation.web.review_api.serializers import ReviewedCommentSerializer
from moderation.web.shared import audit_export, statistics_tables


@extend_schema_view(get=extend_schema(operation_id="search_comments"))
class CommentSearchView(SiteListView, ListAPIView[Any]):
    """Find comments at the caller's sites in any status, the newest first."""

    queryset = Comment.objects.select_related("site", "thread", "author")
    serializer_class = ReviewedCommentSerializer
    filterset_class = CommentSearchFilterSet

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of comments, those that are shown blind as held."""
        page: Any = super().paginate_queryset(queryset)
        blind.hide(page)
        return page


class PeriodView(ReviewView):
    """The base of the endpoints: statistics of a period, at one site or all of the caller's."""

    def statistics(self) -> dict[str, Any]:
        """Return the statistics of the period and the sites of the query."""
        query = self.validated_query(PeriodSerializer)
        sites = [self.site(query["site"])] if "site" in query else list(self.sites())
        since, until = query["from"], query["to"]
        return statistics.compute(sites, since=since, until=until, now=timezone.now())


class StatisticsView(PeriodView):
    """Statistics of a period."""

    @extend_schema(
        operation_id="read_figures", parameters=[PeriodSerializer], responses=StatisticsSerializer
    )
    def get(self, request: Request) -> Response:
        """Return what came in, what was decided by whom, and how long people waited."""
        return Response(self.statistics())


class StatisticsTableView(PeriodView):
    """One of the tables of a period."""

    @extend_schema(
        operation_id="read_figures_table",
        parameters=[PeriodSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, table: str) -> Any:
        """Return a table as CSV: received, decisions, ages, threads, load or precision."""
        if table not in statistics_tables.NAMES:
            raise exceptions.NotFound(
                f"There is no such table: {', '.join(statistics_tables.NAMES)}."
            )
        return csv.answer(table, *statistics_tables.table(self.statistics(), table))


class YearView(OneSiteView):
    """The base of the endpoints: the transparency report of one site and year."""

    def report(self, year: int) -> dict[str, Any]:
        """Return the report; raise NotFound for a year out of range."""
        if not 2000 <= year <= 9998:
            raise exceptions.NotFound("There is no such year.")
        return transparency.report(self.chosen_site(), year)


class TransparencyView(YearView):
    """The transparency report of a site."""

    @extend_schema(
        operation_id="read_transparency_report",
        parameters=[SiteChoiceSerializer],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, year: int) -> Response:
        """Return what a site restricted in a year and why, and what came of complaints."""
        return Response(self.report(year))


class TransparencyTableView(YearView):
    """The transparency report of a site, for spreadsheets."""

    @extend_schema(
        operation_id="read_transparency_table",
        parameters=[SiteChoiceSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, year: int) -> Any:
        """Return the report as CSV: section, measure, value."""
        rows = transparency.rows(self.report(year))
        return csv.answer(f"transparency-{year}", transparency.HEADER, rows)


class AuditView(SiteListView):
    """The base of the endpoints: the audit trails of the sites that the caller owns."""

    queryset = AuditEntry.objects.select_related("site").order_by("-id")
    read_role = Role.OWNER
    filterset_class = AuditFilterSet


@extend_schema_view(get=extend_schema(operation_id="list_audit"))
class AuditTrailView(AuditView, ListAPIView[Any]):
    """List what people did at the sites that the caller owns, the newest first."""

    serializer_class = AuditEntrySerializer


class AuditExportView(AuditView):
    """The audit trail, as a file."""

    pagination_class = None

    @extend_schema(
        operation_id="export_audit",
        filters=True,
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/json"): AuditEntrySerializer(many=True),
        },
    )
    def get(self, request: Request, kind: str) -> Any:
        """Return all of it that matches: `csv` is a table, `json` an array."""
        if kind not in audit_export.KINDS:
            raise exceptions.NotFound("A trail is exported as csv or json.")
        entries = self.filter_queryset(self.get_queryset())
        return audit_export.export(entries, kind, by=self.user, now=timezone.now())
