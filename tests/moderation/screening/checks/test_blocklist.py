"""A comment that links to a host of a blocklist waits for a person."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment, Status
from moderation.models import BlockedHost
from moderation.rules.verdicts import Reason
from moderation.screening import screen
from tests.factories import NOW, CommentFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blocked(tmp_path: Path) -> Path:
    file = tmp_path / "hosts.txt"
    file.write_text("# shops\n0.0.0.0 pills.example\ncheap pills\n")
    call_command("block_hosts", "shops", str(file))
    return file


def screened(**fields: str) -> Comment:
    comment = CommentFactory(**fields)
    ScreeningFactory(comment=comment)
    screen.screen(now=NOW + timedelta(minutes=1))
    comment.refresh_from_db()
    return comment


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "I liked it, see https://www.pills.example/a"},
        {"body": "I liked it, see [this](http://shop.pills.example)"},
        {"body": "I liked it.", "author_url": "https://PILLS.example/"},
    ],
)
def test_it_is_held_and_told_why(fields: dict[str, str]) -> None:
    comment = screened(**fields)
    assert comment.status == Status.HELD
    found = comment.decisions.get().findings.get(reason=Reason.BLOCKED_HOST)
    assert found.evidence == {"domains": ["pills.example"], "lists": ["shops"]}


@pytest.mark.parametrize("link", ["https://notpills.example/", "https://a.example/pills.example"])
def test_a_link_elsewhere_is_not(link: str) -> None:
    assert screened(body=f"I liked it, see {link}").status == Status.APPROVED


def test_loading_a_list_again_replaces_it_and_no_other(blocked: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("casino.example")
    call_command("block_hosts", "casinos", str(other))
    blocked.write_text("bet.example\n")
    call_command("block_hosts", "shops", str(blocked))
    assert set(BlockedHost.objects.values_list("list_name", "host")) == {
        ("casinos", "casino.example"),
        ("shops", "bet.example"),
    }


def test_an_empty_file_ends_a_list(blocked: Path) -> None:
    blocked.write_text("")
    call_command("block_hosts", "shops", str(blocked))
    assert not BlockedHost.objects.exists()


def test_a_file_without_any_host_changes_nothing(blocked: Path) -> None:
    blocked.write_text("<html>\nnot found\n")
    with pytest.raises(CommandError, match="has no host: 2 lines"):
        call_command("block_hosts", "shops", str(blocked))
    assert BlockedHost.objects.filter(host="pills.example").exists()
