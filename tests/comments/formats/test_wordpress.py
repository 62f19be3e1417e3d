"""WXR of every version, as real exports have it."""

from datetime import UTC, datetime

import pytest

from comments.models import Comment, Status, Thread
from moderation.models import Reviewable, Screening
from tests.comments.formats.conftest import Load, comment

pytestmark = pytest.mark.django_db
VERSIONS = ["1.0", "1.1", "1.2"]


def written(number: str, text: str, **fields: str) -> str:
    """Return a comment as WordPress exports it; `fields` replace its elements."""
    values = {
        "comment_id": number,
        "comment_author": "<![CDATA[Ann & Co]]>",
        "comment_author_email": "ann@mail.example",
        "comment_author_url": "https://ann.example/",
        "comment_author_IP": "198.51.100.7",
        "comment_date": "2012-05-01 12:00:00",
        "comment_date_gmt": "2012-05-01 10:00:00",
        "comment_content": f"<![CDATA[{text}]]>",
        "comment_approved": "1",
        "comment_type": "",
        "comment_parent": "0",
        "comment_user_id": "0",
        **fields,
    }
    inner = "".join(f"<wp:{name}>{value}</wp:{name}>\n" for name, value in values.items())
    meta = "<wp:commentmeta><wp:meta_key>akismet_result</wp:meta_key></wp:commentmeta>"
    return f"<wp:comment>{inner}{meta}</wp:comment>\n"


def export(
    *comments: str,
    version: str = "1.2",
    link: str = "https://gazette.example/elections",
    post: str = "",
) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- This is a WordPress eXtended RSS file -->\n'
        f'<rss version="2.0" xmlns:wp="http://wordpress.org/export/{version}/"\n'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>Gazette</title>\n<wp:wxr_version>{version}</wp:wxr_version>\n"
        "<item><title>About</title><link>https://gazette.example/about</link></item>\n"
        f"<item>\n<title>Elections</title>\n<link>{link}</link>\n"
        "<pubDate>Tue, 01 May 2012 08:00:00 +0000</pubDate>\n"
        "<content:encoded><![CDATA[An article.]]></content:encoded>\n"
        "<wp:post_id>3</wp:post_id>\n<wp:comment_status>closed</wp:comment_status>\n"
        f"{post}"
        f"{''.join(comments)}</item>\n</channel>\n</rss>\n"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_comments_of_every_version_are_imported(load: Load, version: str) -> None:
    result = load(export(written("5", "Hello"), version=version))
    assert (result["format"], result["created"], result["threads"]) == ("wordpress", 1, 1)
    hello = comment("Hello")
    assert hello.created_at == datetime(2012, 5, 1, 10, 0, tzinfo=UTC)
    assert (hello.author_name, hello.author_url) == ("Ann & Co", "https://ann.example/")
    assert hello.thread.title == "Elections"
    assert hello.thread.created_at == datetime(2012, 5, 1, 8, 0, tzinfo=UTC)
    assert hello.thread.closed_at is not None


@pytest.mark.parametrize(
    ("approved", "status"),
    [
        ("1", Status.APPROVED),
        ("0", Status.HELD),
        ("hold", Status.HELD),
        ("spam", Status.SPAM),
        ("trash", Status.DELETED),
        ("post-trashed", Status.DELETED),
    ],
)
def test_statuses_are_mapped_and_what_waited_for_a_person_waits_for_one(
    load: Load, approved: str, status: Status
) -> None:
    load(export(written("5", "Hello", comment_approved=approved)))
    assert Comment.objects.get().status == status
    assert Reviewable.objects.open().exists() == (status == Status.HELD)
    assert not Screening.objects.exists()


def test_pages_without_comments_make_no_threads(load: Load) -> None:
    load(export(written("5", "Hello")))
    assert Thread.objects.count() == 1


def test_replies_hang_below_their_parents(load: Load) -> None:
    load(export(written("6", "Reply", comment_parent="5"), written("5", "Hello")))
    assert comment("Reply").parent == comment("Hello")


def test_line_breaks_count_and_markup_is_reduced(load: Load) -> None:
    load(export(written("5", "One\nTwo\n\nThree <em>well</em> <script>alert(1)</script>")))
    html = comment("One").body_html
    assert html.count("<p>") == 2
    assert "<em>well</em>" in html
    assert "<script" not in html


def test_without_a_time_in_utc_the_local_one_is_used(load: Load) -> None:
    load(export(written("5", "Hello", comment_date_gmt="0000-00-00 00:00:00")))
    assert comment("Hello").created_at == datetime(2012, 5, 1, 12, 0, tzinfo=UTC)


def test_control_characters_are_removed(load: Load) -> None:
    assert load(export(written("5", "Hel\x02lo")))["problems"] == []
    assert comment("Hello")


def test_a_relative_link_needs_the_base_address(load: Load) -> None:
    load(export(written("5", "Hello"), link="/elections"), "--base-url", "https://gazette.example")
    assert comment("Hello").thread.url == "https://gazette.example/elections"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"comment_approved": "perhaps"}, "it has no id, or a state that is not known"),
        ({"comment_date": "", "comment_date_gmt": ""}, "it has no time"),
        ({"comment_content": ""}, "it has no text"),
    ],
)
def test_invalid_rows_are_problems_with_their_id(
    load: Load, fields: dict[str, str], problem: str
) -> None:
    result = load(export(written("5", "Bad", **fields), written("6", "Good")))
    assert result["created"] == 1
    assert result["problems"] == [f"comment 5: {problem}"]


def test_invalid_addresses_are_left_out(load: Load) -> None:
    load(export(written("5", "Hello", comment_author_email="nobody", comment_author_url="http://")))
    assert comment("Hello").author is None
    assert comment("Hello").author_url == ""
