"""What all review endpoints share: who calls, what is theirs, and how refusals are answered."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from knox.auth import TokenAuthentication
from rest_framework import exceptions, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments.http import idempotency, problems
from comments.http.pagination import Pages
from comments.models import Comment, Role, Site, User
from moderation.decisions import decide


@method_decorator(conditional_page, name="dispatch")
class ReviewView(APIView):
    """An endpoint for signed-in people; what is not theirs does not exist for them.

    Reads have an `ETag`: what is known already is answered with 304.
    """

    authentication_classes = (TokenAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated,)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a verb's refusal as a problem; leave all else to DRF."""
        if isinstance(exc, decide.DecisionRefused):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    def sites(self, role: Role = Role.VIEWER) -> QuerySet[Site]:
        """Return the sites where the caller has at least this role."""
        return Site.objects.of(self.user, Role.at_least(role))

    def idempotent(self, request: Request, create: Any) -> Response:
        """Answer a POST once for each Idempotency-Key."""
        key = request.headers.get("Idempotency-Key", "")
        scope = f"user {request.user.pk} POST {request.path}"
        return idempotency.once(idempotency.IdempotentRequest(key, scope, request.data), create)

    @property
    def user(self) -> User:
        """Who is signed in."""
        if not isinstance(self.request.user, User):
            raise exceptions.NotAuthenticated
        return self.request.user

    def comment(self, comment_id: UUID, role: Role = Role.VIEWER) -> Comment:
        """Return a comment at a site where the caller has at least this role, or 404."""
        comments = Comment.objects.select_related("site", "author")
        comment = comments.filter(pk=comment_id, site__in=self.sites(role)).first()
        if comment is None:
            raise exceptions.NotFound("There is no such comment.")
        return comment

    def site(self, slug: str, role: Role = Role.VIEWER) -> Site:
        """Return a site where the caller has at least this role, or 404."""
        site = self.sites(role).filter(slug=slug).first()
        if site is None:
            raise exceptions.NotFound("There is no such site.")
        return site

    def chosen(self, slug: str, role: Role = Role.VIEWER) -> list[UUID]:
        """Return the id of the site of that slug, or those of all the caller's sites."""
        sites = [self.site(slug, role)] if slug else self.sites(role)
        return [site.pk for site in sites]

    def page(
        self, rows: QuerySet[Any], serializer: type[serializers.BaseSerializer[Any]]
    ) -> Response:
        """Answer a page of rows, the newest first."""
        pages = Pages()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(serializer(page or [], many=True).data)
