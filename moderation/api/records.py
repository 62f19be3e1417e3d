"""The review endpoints that look back: comments found, reports, appeals, words, figures, audit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments import search
from comments.http.schema import PROBLEMS
from comments.models import Comment, Role
from moderation import appealing, auditing, statistics
from moderation.api import requests
from moderation.api import serializers as shapes
from moderation.api.records_shapes import (
    AppealPage,
    AuditPage,
    AuditSerializer,
    FiguresAnswer,
    FoundPage,
    OpenAppealSerializer,
    ReportPage,
    SiteReportSerializer,
)
from moderation.api.review_view import ReviewView
from moderation.models import Act, Appeal, AuditEntry, Decision, Policy, Report


class CommentsView(ReviewView):
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


class ReportsView(ReviewView):
    """Readers' complaints."""

    @extend_schema(responses={200: ReportPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List the reports at the caller's sites, the newest first."""
        sites = [site.pk for site in self.sites()]
        reports = Report.objects.filter(comment__site__in=sites).select_related("comment__site")
        return self.page(reports, SiteReportSerializer)


class AppealsView(ReviewView):
    """Authors' objections."""

    @extend_schema(responses={200: AppealPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List the appeals at the caller's sites, the newest first."""
        sites = [site.pk for site in self.sites()]
        appeals = Appeal.objects.filter(decision__comment__site__in=sites)
        return self.page(
            appeals.select_related("decision__comment__site", "resolved_by"), OpenAppealSerializer
        )


class AppealAnswerView(ReviewView):
    """Answering an appeal; `verb` is `appealing.uphold` or `appealing.overturn`."""

    verb: Callable[..., Decision] = staticmethod(appealing.uphold)

    @extend_schema(
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
        decision = self.verb(appeal, moderator=self.user, reasoning=reasoning, now=timezone.now())
        return Response(shapes.DecisionSerializer(decision).data, status=201)


class WordsView(ReviewView):
    """The words that hold or reject a comment."""

    @extend_schema(
        operation_id="read_words",
        parameters=[requests.SiteChoiceSerializer],
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the words of a site."""
        policy = Policy.objects.current(self._site(Role.VIEWER))
        return Response(requests.WordsSerializer(policy).data)

    @extend_schema(
        operation_id="set_words",
        parameters=[requests.SiteChoiceSerializer],
        request=requests.WordsSerializer,
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the words of a site, as the next revision of its house rules."""
        serializer = requests.WordsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        site = self._site(Role.OWNER)
        policy = Policy.objects.current(site)
        policy.held_words = serializer.validated_data["held_words"]
        policy.rejected_words = serializer.validated_data["rejected_words"]
        policy.created_by = self.user
        Policy.objects.append(policy)
        now = timezone.now()
        auditing.note(Act.RULES_SET, site=site, by=self.user, now=now, subject=policy.revision)
        return Response(requests.WordsSerializer(policy).data)

    def _site(self, role: Role) -> Any:
        asked = requests.SiteChoiceSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return self.site(asked.validated_data["site"], role)


class FiguresView(ReviewView):
    """What happened in a period."""

    @extend_schema(
        parameters=[requests.PeriodSerializer], responses={200: FiguresAnswer, **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        """Return what came in, what was decided by whom, and how long people waited."""
        period = requests.PeriodSerializer(data=request.query_params)
        period.is_valid(raise_exception=True)
        wanted = period.validated_data
        sites = list(self.sites())
        if "site" in wanted:
            sites = [self.site(wanted["site"])]
        return Response(statistics.figures(sites, since=wanted["from"], until=wanted["to"]))


class AuditView(ReviewView):
    """The audit trail."""

    @extend_schema(responses={200: AuditPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List what people did at the sites that the caller owns, the newest first."""
        owned = [site.pk for site in self.sites(Role.OWNER)]
        entries = AuditEntry.objects.filter(site__in=owned).select_related("site", "by")
        return self.page(entries, AuditSerializer)
