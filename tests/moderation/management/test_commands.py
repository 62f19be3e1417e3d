"""What operators type."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from comments.limits import LimitReached
from comments.models import Comment, Membership, Site, Thread, User
from comments.models.thread import digest
from moderation.models import AuditAction, AuditEntry, Screening
from tests.conftest import Api
from tests.factories import CommentFactory, DecisionFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: str) -> dict:
    return json.loads(run(*arguments, "--json"))


# create_site


def test_create_site_creates_a_site(db: None) -> None:
    told = run_json(
        "create_site", "gazette", "--name", "Gazette", "--origin", "https://Gazette.example/"
    )
    site = Site.objects.get()
    assert (told["slug"], told["id"]) == ("gazette", str(site.id))
    assert site.origins == ["https://gazette.example"]
    assert AuditEntry.objects.get().who == "the command line"


def test_create_site_says_what_comes_next(settings) -> None:
    settings.PUBLIC_URL = "https://comments.gazette.example"
    told = run("create_site", "gazette", "--name", "G", "--origin", "https://gazette.example")
    assert '<leave-a-reply site="gazette">' in told
    assert "https://comments.gazette.example/embed.js" in told
    assert "create_moderator" in told


def test_create_site_again_adds_origins_and_renames() -> None:
    SiteFactory(slug="gazette", name="Old", origins=["https://gazette.example"])
    told = run_json(
        "create_site", "gazette", "--name", "New", "--origin", "https://www.gazette.example/"
    )
    site = Site.objects.get()
    assert (site.name, site.origins) == (
        "New",
        ["https://gazette.example", "https://www.gazette.example"],
    )
    assert told["changed"] == ["name", "origins"]
    assert AuditEntry.objects.get().detail == {"changed": ["name", "origins"]}


def test_create_site_again_with_the_same_changes_nothing() -> None:
    SiteFactory(slug="gazette", origins=["https://gazette.example"])
    told = run("create_site", "gazette", "--origin", "https://gazette.example")
    assert "is as it was" in told
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("more", [["--name", "G"], ["--origin", "https://g.example"], []])
def test_create_site_wants_name_and_origin_of_a_new_site(more: list[str]) -> None:
    with pytest.raises(CommandError, match="give --name and --origin"):
        run("create_site", "gazette", *more)


@pytest.mark.parametrize(
    ("slug", "origin"),
    [
        ("gazette", "gazette.example"),
        ("gazette", "https://a.example/path"),
        ("no slug", "https://a.example"),
    ],
)
def test_create_site_refuses_an_invalid_slug_or_origin(slug: str, origin: str) -> None:
    with pytest.raises(CommandError):
        run("create_site", slug, "--name", "Gazette", "--origin", origin)
    assert not Site.objects.exists()


# create_moderator


def moderator(email: str, *more: str) -> dict:
    SiteFactory._meta.model.objects.get_or_create(slug="gazette", defaults={"name": "Gazette"})
    return run_json("create_moderator", email, "--site", "gazette", *more)


def test_create_moderator_issues_a_token_of_the_review_api() -> None:
    told = moderator("Ann@Staff.example", "--role", "moderator")
    assert told["email"] == "ann@staff.example"
    api = Api("/api/v1/review/", Authorization=f"Token {told['token']}")
    assert api.get("queue").status_code == 200


def test_create_moderator_changes_the_role_of_an_existing_member() -> None:
    moderator("ann@staff.example", "--role", "viewer")
    moderator("ann@staff.example", "--role", "owner")
    assert Membership.objects.get().role == "owner"


def test_create_moderator_reads_a_password_from_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a password of length\n"))
    moderator("ann@staff.example", "--role", "moderator", "--password-stdin")
    assert User.objects.get().check_password("a password of length")


def test_create_moderator_creates_no_account_with_a_weak_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    with pytest.raises(CommandError, match="too short"):
        moderator("ann@staff.example", "--role", "moderator", "--password-stdin")
    assert not User.objects.exists()


def test_create_moderator_names_an_unknown_site() -> None:
    with pytest.raises(CommandError, match="no site “unknown”"):
        run("create_moderator", "ann@staff.example", "--site", "unknown", "--role", "viewer")


def test_create_moderator_refuses_an_invalid_email_address() -> None:
    with pytest.raises(CommandError, match="no email address"):
        moderator("ann", "--role", "viewer")


def test_create_moderator_says_how_to_get_a_password_for_the_desk() -> None:
    SiteFactory(slug="gazette")
    told = run("create_moderator", "ann@staff.example", "--site", "gazette", "--role", "viewer")
    assert "changepassword ann@staff.example" in told


def test_create_moderator_is_in_the_log() -> None:
    moderator("ann@staff.example", "--role", "owner")
    entry = AuditEntry.objects.get(act=AuditAction.MEMBER_SET)
    assert entry.detail == {"member": "ann@staff.example", "role": "owner"}


# whatever fails


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperationalError("no such table: comments_site"), "Is `migrate` done?"),
        (LimitReached("There are 200 of them."), "There are 200 of them."),
        (PermissionError(13, "Permission denied", "key.pem"), "key.pem: Permission denied."),
        (ConnectionError("reset by peer"), "`--traceback` shows where"),
        (KeyError("odd"), "`--traceback` shows where"),
    ],
)
def test_what_nobody_foresaw_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("moderation.review.sites.create.create", fail)
    with pytest.raises(CommandError, match=re.escape(told)):
        run("create_site", "gazette", "--name", "G", "--origin", "https://a.example")


@pytest.mark.parametrize(
    "command",
    [
        "set_sign_on gazette --public-key {missing}",
        "calibrate gazette --texts {missing} --rate 0.1",
        "block_hosts spam {missing}",
        "restore {missing}",
        "backup {missing}/backup",
        "export_comments gazette {missing}/comments",
    ],
)
def test_a_file_that_cannot_be_opened_is_named_with_the_reason(
    db: None, tmp_path: Path, command: str
) -> None:
    missing = tmp_path / "missing"
    name, *arguments = command.format(missing=missing).split()
    if name != "restore":
        SiteFactory(slug="gazette")
    with pytest.raises(CommandError, match=rf"^{tmp_path}.*: No such file or directory\.$"):
        run(name, *arguments)


# rescreen


def test_rescreen_enqueues_the_comments_with_a_status() -> None:
    held = CommentFactory(status="held")
    DecisionFactory(comment=held, verdict="HOLD")
    CommentFactory(status="approved")
    assert run_json("rescreen", "--status", "held") == {"queued": 1}
    assert Screening.objects.get().comment == held


def test_rescreen_is_limited_to_a_site() -> None:
    held, _ = CommentFactory.create_batch(2, status="held")
    run("rescreen", "--site", held.site.slug)
    assert Screening.objects.get().comment == held


# seed_demo


def test_seed_demo_twice_creates_the_demo_once(settings) -> None:
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "ann@staff.example", ""
    first = run_json("seed_demo")
    comments = Comment.objects.count()
    second = run_json("seed_demo")
    assert first["password"]
    assert second["password"] == ""
    assert Comment.objects.count() == comments > 0
    assert User.objects.get().check_password(first["password"])


def test_threads_that_are_one_page_are_merged(site: Site) -> None:
    for url in ("http://a.example/x", "https://a.example/x/"):
        ThreadFactory(site=site, url=url, key=url, key_digest=digest(url))
    planned = run_json("merge_threads", "gazette", "--dry-run")
    assert planned == {
        "merged": [{"thread": "https://a.example/x/", "into": "http://a.example/x"}],
        "dry_run": True,
    }
    assert Thread.objects.count() == 2
    run("merge_threads", "gazette")
    assert Thread.objects.count() == 1


# flood


def test_flood_says_and_switches_flood_mode(db: None) -> None:
    site = SiteFactory()
    assert run("flood", site.slug).strip() == f"Flood mode is off at {site.slug}."
    assert run_json("flood", site.slug, "--on")["on"] is True
    assert run("flood", site.slug).startswith(f"Flood mode is on at {site.slug} since ")
    assert run_json("flood", site.slug, "--off") == {"site": site.slug, "on": False, "since": None}
