"""The house rules and the threads, for a site's own server."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comments.models import Comment, Site, Status, Thread
from comments.models.ids import id_at
from moderation.models import ChangedDay, Policy
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, PolicyFactory, ThreadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(connect: Callable[..., Api]) -> Api:
    return connect("policy", "threads")


def test_a_site_without_rules_has_the_defaults(server: Api) -> None:
    policy = server.get("policy").json()
    assert policy["revision"] == 0
    assert policy["max_links"] == 8


def test_rules_are_kept_as_revisions(server: Api, site: Site) -> None:
    PolicyFactory(site=site, revision=1)
    rules = {"max_links": 0, "thresholds": {"INSULT": {"hold_at": 0.4, "reject_at": 0.9}}}
    answer = server.put("policy", rules)
    assert answer.status_code == 200
    assert answer.json()["revision"] == 2
    assert Policy.objects.current(site).thresholds["INSULT"]["hold_at"] == 0.4
    assert Policy.objects.filter(site=site).count() == 2


@pytest.mark.parametrize(
    "rules",
    [
        {"max_links": -1},
        {"thresholds": {"INSULT": {"hold_at": 0.9, "reject_at": 0.4}}},
        {"thresholds": {"INSULT": {"hold_at": 0.9}}},
        {"thresholds": {"RUDE": {"hold_at": 0.4, "reject_at": 0.9}}},
        {"held_words": "one"},
    ],
)
def test_rules_that_make_no_sense_are_refused(server: Api, rules: dict) -> None:
    assert server.put("policy", rules).status_code == 400
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ({"max_link": 1}, "/max_link"),
        ({"thresholds": {"INSULT": {"hold_at": 0.4, "reject_at": 0.9, "spam_at": 1}}}, "/spam_at"),
    ],
)
def test_a_field_that_there_is_not_is_refused_by_name(
    server: Api, rules: dict, pointer: str
) -> None:
    answer = server.put("policy", rules)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"].endswith(pointer)
    assert not Policy.objects.exists()


def test_rules_may_be_sent_back_as_they_were_read(server: Api) -> None:
    assert server.put("policy", server.get("policy").json()).status_code == 200


def test_threads_are_listed(server: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    ThreadFactory()
    assert [row["id"] for row in server.get("threads").json()["results"]] == [str(thread.pk)]


def test_a_thread_is_opened_once(server: Api, site: Site) -> None:
    page = {"url": "https://gazette.example/a", "title": "A"}
    first, second = (server.post("threads", page).json()["id"] for _ in range(2))
    assert first == second
    assert Thread.objects.get(site=site).title == "A"


def test_a_thread_is_closed_and_opened(server: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    assert server.patch(f"threads/{thread.pk}", {"closed": True}).json()["closed_at"]
    assert server.patch(f"threads/{thread.pk}", {"closed": False}).json()["closed_at"] is None


def test_a_thread_moves_with_its_page(server: Api, site: Site, reader: Api) -> None:
    comment = CommentFactory(thread__site=site)
    moved = "https://gazette.example/new"
    assert server.patch(f"threads/{comment.thread.pk}", {"url": moved}).status_code == 200
    shown = reader.get("comments", {"thread": moved}).json()["results"]
    assert [row["id"] for row in shown] == [str(comment.pk)]


def test_an_address_has_room_in_normal_form(server: Api, site: Site) -> None:
    thread, long = ThreadFactory(site=site), "https://gazette.example/" + "ä" * 400
    moved = server.patch(f"threads/{thread.pk}", {"url": long})
    opened = server.post("threads", {"url": long})
    assert (moved.status_code, opened.status_code) == (400, 400)
    assert "2000 characters (it has 2424)" in moved.json()["errors"][0]["detail"]


def test_a_thread_does_not_move_onto_another(server: Api, site: Site) -> None:
    one, other = ThreadFactory(site=site), ThreadFactory(site=site)
    answer = server.patch(f"threads/{one.pk}", {"url": other.url})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":thread-exists")


def test_merging_moves_every_comment(server: Api, site: Site) -> None:
    one, other = ThreadFactory(site=site), ThreadFactory(site=site)
    parent = CommentFactory(thread=one)
    CommentFactory(thread=one, parent=parent, status=Status.HELD)
    answer = server.post(f"threads/{one.pk}/merge", {"into": str(other.pk)})
    assert answer.json()["id"] == str(other.pk)
    assert Comment.objects.filter(thread=other).count() == 2
    assert not Thread.objects.filter(pk=one.pk).exists()


def test_days_with_comments_on_a_merged_thread_are_counted_again(server: Api, site: Site) -> None:
    one, other = ThreadFactory(site=site), ThreadFactory(site=site)
    CommentFactory(thread=one, pk=id_at(NOW - timedelta(days=3)))
    server.post(f"threads/{one.pk}/merge", {"into": str(other.pk)})
    assert (NOW - timedelta(days=3)).date() in ChangedDay.objects.values_list("day", flat=True)


def test_merging_a_thread_into_itself_changes_nothing(server: Api, site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    server.post(f"threads/{comment.thread.pk}/merge", {"into": str(comment.thread.pk)})
    assert Comment.objects.get().thread == comment.thread


def test_another_sites_threads_do_not_exist(server: Api, site: Site) -> None:
    foreign, own = ThreadFactory(), ThreadFactory(site=site)
    assert server.patch(f"threads/{foreign.pk}", {"closed": True}).status_code == 404
    merged = server.post(f"threads/{own.pk}/merge", {"into": str(foreign.pk)})
    assert merged.status_code == 404


def test_public_comments_are_counted(server: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    CommentFactory(thread=thread)
    CommentFactory(thread=thread, status=Status.SPAM)
    assert server.get("counts", {"thread": thread.url}).json()["counts"] == {thread.url: 1}
