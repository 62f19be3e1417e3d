"""Attacks by what people type, guess and open, kept as tests.

Others are beside the code that they aim at: docs/security.md names them.
"""

import base64
import csv as reading
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.http import csv
from comments.models import Comment, Role, Site, Subscriber, User
from comments.models.ids import new_id
from comments.privacy import signed_links
from moderation.models import Reviewable
from moderation.notifications.mail import action_links
from moderation.review import invitations
from tests.conftest import Api
from tests.conftest import signed_in as reviewing
from tests.factories import CommentFactory, MembershipFactory, ReviewableFactory, ThreadFactory
from tests.flows.endpoints import rows

FORMULAS = [
    '=HYPERLINK("https://evil.example")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    "  =1", "\u00a0=1", "\ufeff=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)",
]  # fmt: skip


# A table that a moderator opens in a spreadsheet.


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(cell: str) -> None:
    text = "".join(csv.lines(["name"], [[cell]]))
    _, (written,) = reading.reader(io.StringIO(text, newline=""))
    assert written == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ann = Bob", "A-1", "1", 7, None, "", "»=«"])
def test_other_cells_stay_as_they_are(cell: Any) -> None:
    text = "".join(csv.lines(["name"], [[cell]]))
    _, (written,) = reading.reader(io.StringIO(text, newline=""))
    assert written == ("" if cell is None else str(cell))


# A mail scanner that opens each link of a mail before the person does.


@pytest.fixture
def comment(site: Site) -> Comment:
    held = CommentFactory(thread=ThreadFactory(site=site), status="held")
    ReviewableFactory(comment=held)
    return held


def decide(comment: Comment) -> str:
    moderator = MembershipFactory(site=comment.site, role=Role.MODERATOR).user
    return action_links.links(comment, moderator)["APPROVE"]


def invitation(comment: Comment) -> str:
    owner = MembershipFactory(site=comment.site, role=Role.OWNER).user
    issued = invitations.invite(
        comment.site, email="new@staff.example", role=Role.OWNER, by=owner, now=timezone.now()
    )
    return issued.link


def unsubscribe(comment: Comment) -> str:
    return signed_links.unsubscribe_url(
        Subscriber.objects.create(author=comment.author, asked_at=timezone.now())
    )


LINKS: dict[str, Callable[[Comment], str]] = {
    "status": signed_links.status_url,
    "confirm": lambda comment: signed_links.confirmation_url(comment.author),
    "person": lambda comment: signed_links.data_request_url(comment.author),
    "unsubscribe": unsubscribe,
    "decide": decide,
    "invitation": invitation,
}


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_whoever_opens_a_link_of_a_mail_changes_nothing(
    name: str, method: str, comment: Comment
) -> None:
    path = "/" + LINKS[name](comment).partition("://")[2].partition("/")[2]
    before, scanner = rows(), Client(headers={"User-Agent": "scanner", "Purpose": "prefetch"})
    for _ in range(2):
        assert getattr(scanner, method)(path).status_code in (200, 405)
    assert rows() == before


# A cursor that somebody made or moved.


@pytest.fixture
def review(site: Site) -> Api:
    return reviewing(MembershipFactory(site=site, role=Role.MODERATOR).user)


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_cursor_of_another_site_shows_nothing_of_it(review: Api, comment: Comment) -> None:
    foreign = ReviewableFactory()
    for text in (f"p={foreign.pk}", f"p={foreign.pk}&r=1", f"o=0&p={new_id()}"):
        answer = review.get("comments", {"cursor": cursor(text)})
        assert answer.status_code in (200, 404)
        assert str(foreign.comment_id) not in answer.content.decode()
    assert Reviewable.objects.count() == 2


@pytest.mark.parametrize(
    "made", ["p=' OR 1=1 --", "o=-1&p=x", "o=99999999999999999999", "p=\x00", "r=1&p=" + "9" * 400]
)
def test_a_cursor_that_was_made_up_is_refused_or_harmless(
    made: str, review: Api, comment: Comment
) -> None:
    answer = review.get("comments", {"cursor": cursor(made)})
    assert answer.status_code in (200, 404)


# Who has an account, told by the work that it makes.


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """Note each password that is hashed, which is what takes the time of signing in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1)
    seen: list[str] = []
    original = PBKDF2PasswordHasher.encode

    def encode(self: Any, password: str, *others: Any, **more: Any) -> str:
        seen.append(password)
        return original(self, password, *others, **more)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    return seen


@pytest.mark.parametrize("who", ["member", "nobody", "without a password"])
def test_an_address_is_hashed_for_alike_whether_it_has_an_account(
    who: str, site: Site, hashed: list[str]
) -> None:
    user: User = MembershipFactory(site=site).user
    user.set_password("a long password")
    if who == "without a password":
        user.set_unusable_password()
    user.save()
    hashed.clear()
    login = "nobody@x.example" if who == "nobody" else user.email
    Client().post(reverse("account_login"), {"login": login, "password": "wrong guess"})
    assert len(hashed) == 1


def test_an_id_that_is_foreign_is_answered_as_one_that_is_not_there(
    review: Api, comment: Comment
) -> None:
    foreign = ReviewableFactory().comment_id
    answers = [review.get(f"comments/{pk}") for pk in (foreign, new_id())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
