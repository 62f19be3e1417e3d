"""What every review endpoint may reach: the rows of the sites where the caller has the role."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotAuthenticated, NotFound

from comments.models import Comment, Role, Site
from moderation.web.review_api.base import ReviewView, SiteListView
from tests.factories import CommentFactory, MembershipFactory, SiteFactory

pytestmark = pytest.mark.django_db


class CommentsView(ReviewView):
    queryset = Comment.objects.all()


class CommentListView(SiteListView):
    queryset = Comment.objects.all()


def view(user: Any, *, method: str = "GET", kind: type[ReviewView] = CommentsView) -> ReviewView:
    made = kind()
    made.request = SimpleNamespace(user=user, method=method)  # type: ignore[assignment]
    return made


def member(role: Role, *sites: Site) -> Any:
    user = MembershipFactory(site=sites[0], role=role).user
    for site in sites[1:]:
        MembershipFactory(site=site, user=user, role=role)
    return user


@pytest.fixture(params=[CommentsView, CommentListView], ids=["rows", "list"])
def kind(request: pytest.FixtureRequest) -> type[ReviewView]:
    return request.param


@pytest.mark.parametrize("role", Role)
def test_every_member_reads_the_rows_of_the_own_sites(
    site: Site, role: Role, kind: type[ReviewView]
) -> None:
    comment = CommentFactory(thread__site=site)
    CommentFactory(thread__site=SiteFactory())
    reader = view(member(role, site), kind=kind)
    assert list(reader.get_queryset()) == [comment]
    assert reader.site(site.slug) == site


@pytest.mark.parametrize(
    ("role", "reaches"), [(Role.OWNER, True), (Role.MODERATOR, True), (Role.VIEWER, False)]
)
def test_writing_needs_a_moderator(
    site: Site, role: Role, reaches: bool, kind: type[ReviewView]
) -> None:
    comment = CommentFactory(thread__site=site)
    writer = view(member(role, site), method="POST", kind=kind)
    assert list(writer.get_queryset()) == [comment] * reaches
    assert list(writer.sites()) == [site] * reaches


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_an_endpoint_may_ask_for_an_owner(site: Site, role: Role) -> None:
    class OwnersView(CommentsView):
        read_role = write_role = Role.OWNER

    CommentFactory(thread__site=site)
    for method in ("GET", "POST"):
        denied = view(member(role, site), method=method, kind=OwnersView)
        assert not denied.get_queryset().exists()
        with pytest.raises(NotFound, match="no such site"):
            denied.site(site.slug)
    assert view(member(Role.OWNER, site), kind=OwnersView).site(site.slug) == site


def test_another_site_does_not_exist(site: Site, kind: type[ReviewView]) -> None:
    CommentFactory(thread__site=site)
    stranger = view(member(Role.OWNER, SiteFactory()), kind=kind)
    assert not stranger.get_queryset().exists()
    with pytest.raises(NotFound, match="no such site"):
        stranger.site(site.slug)


def test_rows_of_several_sites_come_together_by_the_role_at_each(site: Site) -> None:
    other, looked_at = SiteFactory(), SiteFactory()
    user = member(Role.MODERATOR, site, other)
    MembershipFactory(user=user, site=looked_at, role=Role.VIEWER)
    assert set(view(user).sites()) == {site, other, looked_at}
    assert set(view(user, method="POST").sites()) == {site, other}


def test_who_is_not_signed_in_is_asked_to() -> None:
    with pytest.raises(NotAuthenticated):
        _ = view(AnonymousUser()).user
