"""What operators type."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment, Membership, Site, User
from moderation.models import Screening
from tests.conftest import Api
from tests.factories import CommentFactory, DecisionFactory, SiteFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: str) -> dict:
    return json.loads(run(*arguments, "--json"))


# create_site


def test_a_site_is_made(db: None) -> None:
    told = run_json(
        "create_site", "gazette", "--name", "Gazette", "--origin", "https://Gazette.example/"
    )
    site = Site.objects.get()
    assert told == {"slug": "gazette", "id": str(site.id)}
    assert site.origins == ["https://gazette.example"]


@pytest.mark.parametrize(
    ("slug", "origin"),
    [
        ("gazette", "gazette.example"),
        ("gazette", "https://a.example/path"),
        ("no slug", "https://a.example"),
    ],
)
def test_a_site_that_makes_no_sense_is_refused(slug: str, origin: str) -> None:
    with pytest.raises(CommandError):
        run("create_site", slug, "--name", "Gazette", "--origin", origin)
    assert not Site.objects.exists()


def test_a_slug_is_given_once() -> None:
    SiteFactory(slug="gazette")
    with pytest.raises(CommandError, match="already exists"):
        run("create_site", "gazette", "--name", "G", "--origin", "https://a.example")


# create_moderator


def moderator(email: str, *more: str) -> dict:
    SiteFactory._meta.model.objects.get_or_create(slug="gazette", defaults={"name": "Gazette"})
    return run_json("create_moderator", email, "--site", "gazette", *more)


def test_a_moderator_gets_a_token_that_works() -> None:
    told = moderator("Ann@Staff.example", "--role", "moderator")
    assert told["email"] == "ann@staff.example"
    api = Api("/api/v1/review/", Authorization=f"Token {told['token']}")
    assert api.get("queue").status_code == 200


def test_the_same_person_may_get_another_role() -> None:
    moderator("ann@staff.example", "--role", "viewer")
    moderator("ann@staff.example", "--role", "owner")
    assert Membership.objects.get().role == "owner"


def test_a_password_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a password of length\n"))
    moderator("ann@staff.example", "--role", "moderator", "--password-stdin")
    assert User.objects.get().check_password("a password of length")


def test_a_bad_password_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    with pytest.raises(CommandError, match="too short"):
        moderator("ann@staff.example", "--role", "moderator", "--password-stdin")
    assert not User.objects.exists()


def test_an_unknown_site_is_named() -> None:
    with pytest.raises(CommandError, match="no site “unknown”"):
        run("create_moderator", "ann@staff.example", "--site", "unknown", "--role", "viewer")


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="no email address"):
        moderator("ann", "--role", "viewer")


# rescreen


def test_held_comments_are_put_up_for_another_look() -> None:
    held = CommentFactory(status="held")
    DecisionFactory(comment=held, verdict="HOLD")
    CommentFactory(status="approved")
    assert run_json("rescreen", "--status", "held") == {"queued": 1}
    assert Screening.objects.get().comment == held


def test_only_the_comments_of_a_site_when_it_says_so() -> None:
    held, _ = CommentFactory.create_batch(2, status="held")
    run("rescreen", "--site", held.site.slug)
    assert Screening.objects.get().comment == held


# seed_demo


def test_the_demo_is_made_once(settings) -> None:
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "ann@staff.example", ""
    first = run_json("seed_demo")
    comments = Comment.objects.count()
    second = run_json("seed_demo")
    assert first["password"]
    assert second["password"] == ""
    assert Comment.objects.count() == comments > 0
    assert User.objects.get().check_password(first["password"])
