"""The base of the review API's endpoints: the signed-in caller, and the sites of their roles."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.views import ApiView, get_or_not_found
from comments.models import Role, Site, User
from moderation.decisions import decide
from moderation.review import review_tokens
from moderation.web.review_api.requests import SiteChoiceSerializer

NO_SITE = "There is no such site."
NO_ROLE = "Your role allows this at none of your sites."


class ReviewTokenAuthentication(TokenAuthentication):
    """Authenticates by a review token, and records that it was used."""

    def validate_user(self, auth_token: AuthToken) -> tuple[Any, AuthToken]:
        """Return the user and the token; raise AuthenticationFailed for who may not sign in."""
        user: tuple[Any, AuthToken] = super().validate_user(auth_token)
        review_tokens.note_use(auth_token, now=timezone.now())
        return user


class ReviewTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """The OpenAPI security scheme of review tokens."""

    target_class = "moderation.web.review_api.base.ReviewTokenAuthentication"


@method_decorator(conditional_page, name="dispatch")
class ReviewView(ApiView):
    """An endpoint for signed-in people; rows of sites where they lack the role do not exist.

    `site_lookup` leads from a row to its site. `read_role` is what GET needs there, `write_role`
    what all other methods need; who has that at no site is refused. GET responses have an `ETag`; a
    request with a matching `If-None-Match` is answered with 304.
    """

    authentication_classes = (ReviewTokenAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated,)
    site_lookup: ClassVar[str] = "site"
    read_role: ClassVar[Role] = Role.VIEWER
    write_role: ClassVar[Role] = Role.MODERATOR

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse who may write at no site, before a row is stored for the request."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and not self.sites().exists():
            raise exceptions.PermissionDenied(NO_ROLE)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer domain errors as problems; leave all else to DRF."""
        if isinstance(exc, decide.DecisionRefused):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    @property
    def user(self) -> User:
        """The caller."""
        if not isinstance(self.request.user, User):
            raise exceptions.NotAuthenticated
        return self.request.user

    @property
    def caller(self) -> str:
        """The user, as the scope of idempotency keys."""
        return f"user {self.user.pk}"

    @property
    def role(self) -> Role:
        """The role that the method of the request needs."""
        return self.read_role if self.request.method in SAFE_METHODS else self.write_role

    def sites(self) -> QuerySet[Site]:
        """Return the sites where the caller has the role that is needed."""
        return Site.objects.of(self.user, Role.at_least(self.role))

    def site(self, slug: str) -> Site:
        """Return one of these sites; raise NotFound for any other."""
        return get_or_not_found(self.sites(), NO_SITE, slug=slug)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows of these sites."""
        return super().get_queryset().filter(**{f"{self.site_lookup}__in": self.sites()})


class SiteListView(ReviewView):
    """A list that may be narrowed to one site, by a filter in its FilterSet.

    The sites are read once, and their ids are values in the query: with a subquery in their place
    a database may choose to collect and sort all rows for one page.
    """

    @cached_property
    def site_ids(self) -> dict[str, UUID]:
        """The ids of the caller's sites by slug."""
        return dict(self.sites().values_list("slug", "pk"))

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows of the caller's sites."""
        rows = super(ReviewView, self).get_queryset()
        return rows.filter(**{f"{self.site_lookup}__in": list(self.site_ids.values())})


class OneSiteView(ReviewView):
    """An endpoint of one site, which the query parameter `site` names."""

    def chosen_site(self) -> Site:
        """Return the site; raise NotFound where the caller lacks the role."""
        return self.site(self.validated_query(SiteChoiceSerializer)["site"])
