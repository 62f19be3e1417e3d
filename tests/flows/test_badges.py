"""Badges beside names: of members whose address is proved, and of readers whom a site signs on."""

from typing import Any

import pytest

from comments.models import Comment, Membership, Site
from moderation.intake import confirm_address
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, MembershipFactory, UserFactory
from tests.moderation.web.public_api.test_single_sign_on import secret, sign
from tests.submissions import EMAIL, submission

__all__ = ["secret"]


def posted(reader: Api, **changes: Any) -> dict[str, Any] | None:
    answer = reader.post("comments", submission(reader, **changes))
    assert answer.status_code == 201
    badge: dict[str, Any] | None = answer.json()["author_badge"]
    return badge


def signed_on(reader: Api, secret: str, **claims: Any) -> dict[str, Any] | None:
    token = reader.post("sign-on", {"token": sign(secret, **claims)}).json()["reader_token"]
    return posted(reader, reader_token=token)


@pytest.fixture
def membership(site: Site) -> Membership:
    return MembershipFactory(site=site, user=UserFactory(email=EMAIL))


def test_most_people_have_none(reader: Api) -> None:
    assert posted(reader) is None


def test_who_types_a_members_address_has_none(reader: Api, membership: Membership) -> None:
    assert posted(reader) is None


def test_a_member_has_one_once_the_address_is_confirmed(
    reader: Api, membership: Membership
) -> None:
    posted(reader)
    comment = Comment.objects.get()
    assert comment.author
    confirm_address.confirm(comment.author, [comment.pk], now=NOW)
    comment.refresh_from_db()
    assert comment.badge.kind == "staff"


def test_confirming_changes_the_badge_of_nobodys_else_comment(
    reader: Api, membership: Membership
) -> None:
    other = CommentFactory(site=membership.site)
    posted(reader)
    comment = Comment.objects.exclude(pk=other.pk).get()
    assert comment.author
    confirm_address.confirm(comment.author, [comment.pk, other.pk], now=NOW)
    other.refresh_from_db()
    assert other.badge.kind == ""


def test_confirming_leaves_a_badge_that_the_site_gave(reader: Api, membership: Membership) -> None:
    posted(reader)
    comment = Comment.objects.get()
    Comment.objects.update(badge_kind="author")
    assert comment.author
    confirm_address.confirm(comment.author, [comment.pk], now=NOW)
    comment.refresh_from_db()
    assert comment.badge.kind == "author"


@pytest.mark.parametrize(
    ("claims", "badge"),
    [
        ({"role": "author"}, {"kind": "author", "label": "Author"}),
        ({"role": "Admin"}, {"kind": "staff", "label": "Staff"}),
        ({"role": "editor"}, {"kind": "staff", "label": "Staff"}),
        ({"role": "subscriber"}, None),
        ({"badge": "Gold member"}, {"kind": "custom", "label": "Gold member"}),
        (
            {"badge": "Gold \u202emember", "role": "author"},
            {"kind": "custom", "label": "Gold member"},
        ),
        ({"badge": "x" * 300}, {"kind": "custom", "label": "x" * 40}),
        ({"badge": "\u3164"}, None),
        ({"badge": "ann@mail.example"}, None),
        ({"badge": ["x"], "role": 7}, {"kind": "custom", "label": "['x']"}),
    ],
)
def test_a_site_says_who_its_readers_are(
    reader: Api, secret: str, claims: dict[str, Any], badge: dict[str, str] | None
) -> None:
    assert signed_on(reader, secret, **claims) == badge


def test_nobody_gives_themselves_one(reader: Api) -> None:
    assert posted(reader, author_badge={"kind": "staff"}, badge="Staff", role="author") is None
