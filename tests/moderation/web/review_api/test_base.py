"""What every review endpoint may reach: what is of a site where the caller has the role."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotAuthenticated, NotFound

from comments.models import Comment, Role, Site
from moderation.web.review_api.base import ReviewView
from tests.factories import CommentFactory, MembershipFactory, SiteFactory

pytestmark = pytest.mark.django_db


def view_of(user: Any) -> ReviewView:
    view = ReviewView()
    view.request = SimpleNamespace(user=user)  # type: ignore[assignment]
    return view


def view(role: Role, *sites: Site) -> ReviewView:
    member = MembershipFactory(site=sites[0], role=role)
    for site in sites[1:]:
        MembershipFactory(site=site, user=member.user, role=role)
    return view_of(member.user)


@pytest.fixture
def comment(site: Site) -> Comment:
    CommentFactory(thread__site=site)
    return CommentFactory(thread__site=site)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, [Role.OWNER, Role.MODERATOR, Role.VIEWER]),
        (Role.MODERATOR, [Role.MODERATOR, Role.VIEWER]),
        (Role.VIEWER, [Role.VIEWER]),
    ],
)
def test_a_comment_is_reached_by_who_has_at_least_the_role(
    site: Site, comment: Comment, role: Role, may: list[Role]
) -> None:
    CommentFactory(thread__site=site)
    for needed in Role:
        if needed in may:
            assert view(role, site).comment(comment.pk, needed) == comment
            assert view(role, site).site(site.slug, needed) == site
            continue
        with pytest.raises(NotFound, match="no such comment"):
            view(role, site).comment(comment.pk, needed)
        with pytest.raises(NotFound, match="no such site"):
            view(role, site).site(site.slug, needed)


def test_to_look_is_enough_where_no_role_is_named(site: Site, comment: Comment) -> None:
    viewer = view(Role.VIEWER, site)
    assert viewer.comment(comment.pk) == comment
    assert (list(viewer.sites()), viewer.site(site.slug), viewer.chosen("")) == (
        [site],
        site,
        [site.pk],
    )


def test_what_is_of_another_site_does_not_exist(site: Site, comment: Comment) -> None:
    stranger = view(Role.OWNER, SiteFactory())
    with pytest.raises(NotFound):
        stranger.comment(comment.pk)
    for look in (stranger.site, stranger.chosen):
        with pytest.raises(NotFound):
            look(site.slug)


def test_one_site_is_chosen_by_its_slug_and_all_without_one(site: Site) -> None:
    other = SiteFactory(slug="other")
    member = view(Role.MODERATOR, site, other)
    MembershipFactory(user=member.user, role=Role.VIEWER)
    assert member.chosen("other", Role.MODERATOR) == [other.pk]
    assert set(member.chosen("", Role.MODERATOR)) == {site.pk, other.pk}
    assert member.chosen("", Role.OWNER) == []
    with pytest.raises(NotFound):
        member.chosen("other", Role.OWNER)


def test_who_is_not_signed_in_is_asked_to() -> None:
    with pytest.raises(NotAuthenticated):
        _ = view_of(AnonymousUser()).user
