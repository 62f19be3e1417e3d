"""The review endpoints that look back: comments found, figures, audit."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments import search
from comments.http.schema import PROBLEMS
from comments.models import Comment, Role
from moderation import statistics
from moderation.api import requests
from moderation.api import serializers as shapes
from moderation.api.records_shapes import AuditPage, AuditSerializer, FiguresAnswer, FoundPage
from moderation.api.review_view import ReviewView
from moderation.models import AuditEntry


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
