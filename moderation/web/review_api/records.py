"""The review endpoints that look back: comments found, figures, audit."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import csv
from comments.models import Comment, Role
from comments.threads import search
from moderation.decisions import audit
from moderation.insight import statistics, transparency
from moderation.models import AuditEntry
from moderation.web.review_api import requests
from moderation.web.review_api import serializers as shapes
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.record_serializers import (
    AuditPage,
    AuditSerializer,
    FiguresAnswer,
    FoundPage,
)
from moderation.web.shared import audit_export, statistics_tables
from moderation.web.shared.schema import PROBLEMS


class ReviewCommentsView(ReviewView):
    """Comments in any status."""

    @extend_schema(
        operation_id="search_comments",
        parameters=[requests.CommentSearchSerializer],
        responses={200: FoundPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Find comments at the caller's sites, the newest first."""
        filters = requests.CommentSearchSerializer(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted = dict(filters.validated_data)
        sites = [site for site in self.sites() if wanted.pop("site", site.slug) == site.slug]
        comments = Comment.objects.filter(site__in=[site.pk for site in sites])
        if words := wanted.pop("q", ""):
            comments = comments.filter(search.matching(words))
        found = comments.filter(**wanted).select_related("site", "thread", "author")
        return self.page(found, shapes.ReviewedCommentSerializer)


class _OfPeriod(ReviewView):
    def figures(self) -> dict[str, Any]:
        """Return the figures of the period and the sites that were asked for."""
        period = requests.PeriodSerializer(data=self.request.query_params)
        period.is_valid(raise_exception=True)
        wanted = period.validated_data
        sites = [self.site(wanted["site"])] if "site" in wanted else list(self.sites())
        since, until = wanted["from"], wanted["to"]
        return statistics.figures(sites, since=since, until=until, now=timezone.now())


class FiguresView(_OfPeriod):
    """What happened in a period."""

    @extend_schema(
        operation_id="read_figures",
        parameters=[requests.PeriodSerializer],
        responses={200: FiguresAnswer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return what came in, what was decided by whom, and how long people waited."""
        return Response(self.figures())


class FiguresTableView(_OfPeriod):
    """One of the tables of a period."""

    @extend_schema(
        operation_id="read_figures_table",
        parameters=[requests.PeriodSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR, **PROBLEMS},
    )
    def get(self, request: Request, table: str) -> Any:
        """Return a table as CSV: received, decisions, ages, threads, load or precision."""
        if table not in statistics_tables.NAMES:
            raise exceptions.NotFound(
                f"There is no such table: {', '.join(statistics_tables.NAMES)}."
            )
        return csv.answer(table, *statistics_tables.table(self.figures(), table))


class _OfYear(ReviewView):
    def report(self, year: int) -> dict[str, Any]:
        """Return the report of the site and year that were asked for."""
        if not 2000 <= year <= 9998:
            raise exceptions.NotFound("There is no such year.")
        asked = requests.SiteChoiceSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return transparency.report(self.site(asked.validated_data["site"]), year)


class TransparencyView(_OfYear):
    """The transparency report of a site."""

    @extend_schema(
        operation_id="read_transparency_report",
        parameters=[requests.SiteChoiceSerializer],
        responses={200: OpenApiTypes.OBJECT, **PROBLEMS},
    )
    def get(self, request: Request, year: int) -> Any:
        """Return what a site restricted in a year and why, and what came of complaints."""
        return Response(self.report(year))


class TransparencyTableView(_OfYear):
    """The transparency report of a site, for spreadsheets."""

    @extend_schema(
        operation_id="read_transparency_table",
        parameters=[requests.SiteChoiceSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR, **PROBLEMS},
    )
    def get(self, request: Request, year: int) -> Any:
        """Return the report as CSV: section, measure, value."""
        rows = transparency.rows(self.report(year))
        return csv.answer(f"transparency-{year}", transparency.HEADER, rows)


class _OfTrail(ReviewView):
    def entries(self) -> QuerySet[AuditEntry]:
        """Return what was asked for of the trails of the sites that the caller owns."""
        asked = requests.AuditFilterSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        sites = self.chosen(wanted.pop("site", ""), Role.OWNER)
        return audit.trail(sites, **wanted)


class AuditView(_OfTrail):
    """The audit trail."""

    @extend_schema(
        operation_id="list_audit",
        parameters=[requests.AuditFilterSerializer],
        responses={200: AuditPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List what people did at the sites that the caller owns, the newest first."""
        return self.page(self.entries(), AuditSerializer)


class AuditTableView(_OfTrail):
    """The audit trail, to keep elsewhere."""

    @extend_schema(
        operation_id="export_audit",
        parameters=[requests.AuditFilterSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR, **PROBLEMS},
    )
    def get(self, request: Request, kind: str) -> Any:
        """Return all of it that matches: `csv` is a table, `json` an array."""
        if kind not in audit_export.KINDS:
            raise exceptions.NotFound("A trail is exported as csv or json.")
        return audit_export.export(self.entries(), kind, by=self.user, now=timezone.now())
