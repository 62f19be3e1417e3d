"""What nobody could read where it comes from is left out by reason, or waits for a person."""

import pytest

from comments.models import Comment, Status, Thread
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.conftest import Load, comment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["private", "draft", "pending", "future", "Trash", "wc-done"])
def test_comments_on_posts_that_are_not_public_are_left_out(load: Load, status: str) -> None:
    post = f"<wp:status>{status}</wp:status>"
    result = load(wordpress.export(wordpress.written("5", "Secret"), post=post))
    reason = f"its page is not public ({status.lower()})"
    assert (result["created"], result["skipped_because"]) == (0, {reason: 1})
    assert not Thread.objects.exists()


def test_comments_on_posts_with_a_password_are_left_out(load: Load) -> None:
    post = "<wp:status>publish</wp:status><wp:post_password><![CDATA[x]]></wp:post_password>"
    result = load(wordpress.export(wordpress.written("5", "Secret"), post=post))
    assert result["skipped_because"] == {"its page has a password": 1}


def test_comments_on_published_posts_without_a_password_come_in(load: Load) -> None:
    post = "<wp:status>publish</wp:status><wp:post_password></wp:post_password>"
    assert load(wordpress.export(wordpress.written("5", "Hello"), post=post))["created"] == 1


@pytest.mark.parametrize(
    "kind",
    ["pingback", "Pingback", "trackback", "order_note", "edd_payment_note", "action_log", "note"],
)
def test_what_no_reader_wrote_is_left_out_and_counted_by_its_kind(load: Load, kind: str) -> None:
    note, hello = wordpress.written("5", "Note", comment_type=kind), wordpress.written("6", "Hello")
    result = load(wordpress.export(note, hello))
    assert (result["created"], result["problems"]) == (1, [])
    assert result["skipped_because"] == {kind.lower(): 1}


@pytest.mark.parametrize("kind", ["", "comment", "Comment"])
def test_what_readers_wrote_comes_in(load: Load, kind: str) -> None:
    assert load(wordpress.export(wordpress.written("5", "Hi", comment_type=kind)))["created"] == 1


@pytest.mark.parametrize("kind", ["webmention", "review"])
def test_webmentions_and_reviews_come_in_by_choice(load: Load, kind: str) -> None:
    text = wordpress.export(wordpress.written("5", "Hi", comment_type=kind))
    assert load(text)["skipped_because"] == {kind: 1}
    assert load(text, "--also", kind)["created"] == 1


def attachment(parent: str, *, number: str = "9") -> str:
    comment = wordpress.written(number, f"Under {parent}")
    return (
        f"<item><link>https://gazette.example/{number}</link><wp:post_id>{number}</wp:post_id>"
        f"<wp:status>inherit</wp:status><wp:post_parent>{parent}</wp:post_parent>{comment}</item>"
    )


@pytest.mark.parametrize("stands_first", [True, False])
@pytest.mark.parametrize(("status", "created"), [("publish", 1), ("private", 0)])
def test_an_attachment_is_as_public_as_its_post(
    load: Load, status: str, created: int, stands_first: bool
) -> None:
    text = wordpress.export(post=f"<wp:status>{status}</wp:status>")
    place = "<item><title>About" if stands_first else "</channel>"
    result = load(text.replace(place, attachment("3") + place))
    assert (result["created"], result["skipped"]) == (created, 1 - created)


def test_an_attachment_whose_post_is_not_in_the_file_waits_for_a_person(load: Load) -> None:
    load(wordpress.export().replace("</channel>", attachment("404") + "</channel>"))
    assert comment("Under").status == Status.HELD


def test_posts_of_a_deleted_thread_of_disqus_are_left_out(load: Load) -> None:
    threads = disqus.THREADS.replace("<isDeleted>false", "<isDeleted>true", 1)
    result = load(disqus.export(disqus.post("10", "Gone"), threads=threads))
    assert (result["created"], result["skipped_because"]) == (0, {"its thread is deleted": 1})
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "is_closed"),
    [
        (
            "<isClosed>false</isClosed>",
            "<isClosed>true</isClosed><isDeleted>true</isDeleted>",
            False,
        ),
        ("<isClosed>false</isClosed>", "<isClosed>true</isClosed>", False),
        ("<isClosed>true</isClosed>", "<isClosed>true</isClosed>", True),
        ("<isClosed>true</isClosed>", "<isClosed>false</isClosed><isDeleted>1</isDeleted>", True),
    ],
)
def test_a_page_of_two_threads_of_disqus_is_open_if_one_of_them_is(
    load: Load, first: str, second: str, is_closed: bool
) -> None:
    thread = (
        '<thread dsq:id="1"><id/><link>https://gazette.example/twice</link>'
        f"<createdAt>2015-03-01T08:00:00Z</createdAt>{first}</thread>"
    )
    other = thread.replace('dsq:id="1"', 'dsq:id="2"').replace(first, second)
    for order in (thread + other, other + thread):
        load(disqus.export(disqus.post("10", "Hello"), threads=order))
        assert (comment("Hello").thread.closed_at is not None) == is_closed
        Comment.objects.all().delete()
        Thread.objects.all().delete()


def test_a_closed_page_without_a_time_is_closed(load: Load) -> None:
    threads = disqus.THREADS.replace("2015-03-01T08:00:00Z", "")
    load(disqus.export(disqus.post("10", "Hello"), threads=threads))
    assert comment("Hello").thread.closed_at is not None


def test_an_unapproved_post_of_disqus_waits_for_a_person(load: Load) -> None:
    waiting = disqus.post("10", "Hm").replace("<isSpam>", "<isApproved>false</isApproved><isSpam>")
    load(disqus.export(waiting))
    assert comment("Hm").status == Status.HELD


def test_a_dry_run_says_how_many_come_in_as_what_and_why_others_do_not(load: Load) -> None:
    comments = [
        wordpress.written("5", "Hello"),
        wordpress.written("6", "Hm", comment_approved="0"),
        wordpress.written("7", "Buy", comment_approved="spam"),
        wordpress.written("8", "[…]", comment_type="pingback"),
        wordpress.written("9", "No time", comment_date="", comment_date_gmt=""),
    ]
    result = load(wordpress.export(*comments), "--dry-run")
    assert (result["in_file"], result["created"], result["skipped"], result["problem_count"]) == (
        5, 3, 1, 1,
    )  # fmt: skip
    assert result["statuses"] == {"approved": 1, "held": 1, "spam": 1}
    assert result["skipped_because"] == {"pingback": 1}
    assert not Comment.objects.exists()
