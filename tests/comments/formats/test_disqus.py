"""The XML of Disqus, as real exports have it."""

import gzip
from datetime import UTC, datetime

import pytest

from comments.models import Comment, Status
from comments.privacy import email_addresses
from moderation.models import Decision, DecisionSource, Screening
from tests.comments.formats.conftest import Load, comment

pytestmark = pytest.mark.django_db

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<category dsq:id="7"><forum>gazette</forum><title>General</title></category>
"""
THREADS = """<thread dsq:id="1"><id>page-1</id><forum>gazette</forum><category dsq:id="7"/>
  <link>https://gazette.example/elections</link><title>Elections &amp; votes</title><message/>
  <createdAt>2015-03-01T08:00:00Z</createdAt><author><name>Desk</name></author>
  <isClosed>true</isClosed><isDeleted>false</isDeleted></thread>
<thread dsq:id="2"><id/><forum>gazette</forum><link/><title/>
  <createdAt>2015-03-01T08:00:00Z</createdAt>
  <isClosed>false</isClosed><isDeleted>false</isDeleted></thread>
"""


def post(
    number: str,
    message: str,
    *,
    parent: str = "",
    thread: str = "1",
    flags: str = "",
    email: str = "ann@mail.example",
) -> str:
    deleted, spam = ("true" if word in flags else "false" for word in ("deleted", "spam"))
    marked = f' dsq:id="{number}"' if number else ""
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    return (
        f"<post{marked}><id/><message><![CDATA[{message}]]></message>"
        f"<createdAt>2015-03-02T09:{int(number or 0) % 60:02}:00Z</createdAt>"
        f"<isDeleted>{deleted}</isDeleted><isSpam>{spam}</isSpam>"
        f"<author><email>{email}</email><name>Ann</name><isAnonymous>false</isAnonymous></author>"
        f'<ipAddress>198.51.100.7</ipAddress><thread dsq:id="{thread}"/>{above}</post>\n'
    )


def export(*posts: str, threads: str = THREADS) -> str:
    return HEAD + threads + "".join(posts) + "</disqus>"


def test_comments_have_their_time_thread_and_author(load: Load) -> None:
    result = load(export(post("10", "<p>First</p>")))
    assert (result["format"], result["created"], result["threads"]) == ("disqus", 1, 1)
    first = comment("First")
    assert first.created_at == datetime(2015, 3, 2, 9, 10, tzinfo=UTC)
    assert (first.thread.key, first.thread.title) == (
        "https://gazette.example/elections",
        "Elections & votes",
    )
    assert first.thread.closed_at is not None
    assert first.author is not None
    assert email_addresses.decrypt(first.author.email_encrypted) == "ann@mail.example"
    assert first.author_name == "Ann"


@pytest.mark.parametrize(
    ("flags", "status"),
    [("", Status.APPROVED), ("spam", Status.SPAM), ("deleted", Status.DELETED)],
)
def test_statuses_are_mapped(load: Load, flags: str, status: Status) -> None:
    load(export(post("10", "Hello", flags=flags)))
    assert Comment.objects.get().status == status
    assert Decision.objects.get().source == DecisionSource.IMPORT
    assert not Screening.objects.exists()


def test_replies_find_their_parents_wherever_they_stand_in_the_file(load: Load) -> None:
    load(
        export(
            post("12", "Third", parent="11"), post("11", "Second", parent="10"), post("10", "First")
        )
    )
    third = comment("Third")
    assert third.parent == comment("Second")
    assert third.depth == 2
    assert third.root_id == comment("First").pk


def test_a_deleted_parent_keeps_its_place(load: Load) -> None:
    load(export(post("10", "Gone", flags="deleted"), post("11", "Reply", parent="10")))
    parent = comment("Reply").parent
    assert parent is not None
    assert parent.status == Status.DELETED


def test_a_reply_to_an_unknown_comment_becomes_a_root_and_a_problem(load: Load) -> None:
    result = load(export(post("11", "Reply", parent="404")))
    assert comment("Reply").parent is None
    assert "404" in result["problems"][0]


def test_threads_may_come_after_posts(load: Load) -> None:
    assert load(export(post("10", "First"), THREADS, threads=""))["created"] == 1


def test_a_post_without_an_id_is_imported_once(load: Load) -> None:
    text = export(post("", "No id"))
    assert load(text)["created"] == 1
    assert load(text)["created"] == 0


def test_a_post_of_a_page_without_an_address_is_a_problem(load: Load) -> None:
    result = load(export(post("10", "Lost", thread="2"), post("11", "Kept")))
    assert result["created"] == 1
    assert result["problems"] == ["post 10: its thread is not in the file, or has no address"]


def test_a_comment_without_an_email_address_has_a_name_and_no_author(load: Load) -> None:
    load(export(post("10", "Hello", email="")))
    assert comment("Hello").author is None
    assert comment("Hello").author_name == "Ann"


def test_html_becomes_markdown_without_scripts(load: Load) -> None:
    load(
        export(
            post(
                "10",
                '<p>Hello <b>bold</b> <a href="https://a.example/" onclick="evil()">there</a></p>'
                '<script>alert(1)</script><img src=x onerror="alert(1)">'
                '<a href="javascript:x">no</a>',
            )
        )
    )
    hello = comment("Hello")
    assert "**bold**" in hello.body
    assert "[there](https://a.example/)" in hello.body
    assert "<script" not in hello.body_html
    assert "onerror" not in hello.body_html
    assert "javascript:" not in hello.body_html


def test_a_gzipped_file_with_control_characters_is_read(load: Load) -> None:
    text = export(post("10", "Hel\x0blo \x01you"))
    assert load(gzip.compress(text.encode()))["created"] == 1
    assert comment("Hello").body == "Hello you"


@pytest.mark.parametrize("stamp", ["2015-03-02T09:10:00Z", "2015-03-02T10:10:00+01:00"])
def test_times_of_any_zone_are_converted_to_utc(load: Load, stamp: str) -> None:
    load(export(post("10", "First").replace("2015-03-02T09:10:00Z", stamp)))
    assert comment("First").created_at == datetime(2015, 3, 2, 9, 10, tzinfo=UTC)


def test_a_post_without_a_time_or_a_text_is_a_problem(load: Load) -> None:
    result = load(
        export(post("10", "First").replace("2015-03-02T09:10:00Z", "yesterday"), post("11", " "))
    )
    assert result["created"] == 0
    assert result["problems"] == ["post 10: it has no time", "post 11: it has no text"]


def test_comments_of_the_same_second_keep_their_order(load: Load) -> None:
    same = [post(str(n), f"Number {n:02}").replace(f":{n:02}:00Z", ":00:00Z") for n in range(20)]
    load(export(*same))
    bodies = list(Comment.objects.order_by("pk").values_list("body", flat=True))
    assert bodies == sorted(bodies)


def test_a_mention_shows_the_name_of_the_user_that_it_means(load: Load) -> None:
    named = post("10", "First").replace("<name>Ann<", "<name>Ann O_<", 1)
    named = named.replace("</author>", "<username>disqus_A1b2</username></author>")
    load(export(post("11", "Hi @disqus_A1b2:disqus, @nobody:disqus!"), named))
    assert "Hi @Ann O_, @nobody!" in comment("Hi").body_html


def test_links_lead_where_disqus_sends_its_visitors_in_the_end(load: Load) -> None:
    href = "http://disq.us/url?url=https%3A%2F%2Fx.example%2Fa_b%3Aq3Z-cD0123456789abcdefghij&amp;cuid=1"
    load(export(post("10", f'Look <a href="{href}">here</a>')))
    assert comment("Look").body == "Look [here](https://x.example/a_b)"


def test_line_breaks_count_where_there_are_no_tags_for_them(load: Load) -> None:
    load(export(post("10", "One\n~~~two~~~"), post("11", "<p>Red\nblue</p>")))
    assert comment("One").body_html == "<p>One<br>\n~~~two~~~</p>"
    assert comment("Red").body == "Red blue"
