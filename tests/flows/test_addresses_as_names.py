"""An address as a name or website comes in at no door and by no import, and is shown nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from comments.accounts import single_sign_on
from comments.models import Author, Comment, Site, Status
from comments.privacy import email_addresses
from moderation.models import Event, Label
from moderation.notifications.webhooks import events
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.conftest import Load, load
from tests.conftest import Api, server
from tests.factories import CommentFactory, ThreadFactory
from tests.moderation.intake.akismet.test_queue_mode import queueing
from tests.moderation.web.dialects.akismet.plugin import BLOG, call
from tests.moderation.web.dialects.akismet.plugin import comment as checked
from tests.moderation.web.pages.test_form_actions import send
from tests.moderation.web.public_api.test_single_sign_on import exchange, sign
from tests.submissions import EMAIL, submission

pytestmark = pytest.mark.django_db
__all__ = ["load", "queueing"]
LEAK = "leak@private.example"
SPELLINGS = [LEAK, "leak ＠ private.example", "leak(at)private.example", "leak&#64;private.example"]
each_spelling = pytest.mark.parametrize("name", SPELLINGS)


def pointers(answer: Any) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


@each_spelling
def test_the_readers_form_refuses_it_beside_the_field(reader: Api, name: str) -> None:
    answer = reader.post("comments", submission(reader, author_name=name))
    assert (answer.status_code, pointers(answer)) == (400, {"/author_name"})
    assert not Comment.objects.exists()


@each_spelling
def test_the_page_without_a_script_refuses_it_beside_the_field(site: Site, name: str) -> None:
    ThreadFactory(site=site, key="article", url="")
    page = send(Client(), author_name=name, body="Worth keeping.")
    assert page.status_code == 400
    assert 'id="name-error"' in page.content.decode()
    assert "Worth keeping." in page.content.decode()


def test_the_own_address_is_refused_in_any_spelling(reader: Api) -> None:
    answer = reader.post("comments", submission(reader, author_name="Ann Reader mail example"))
    assert pointers(answer) == {"/author_name"}


@pytest.mark.parametrize(
    "url",
    [f"https://{LEAK}/", f"https://blog.example/?e={EMAIL}", "https://b.example/a%2540b.example"],
)
def test_a_website_with_an_address_is_refused(reader: Api, url: str) -> None:
    answer = reader.post("comments", submission(reader, author_url=url))
    assert pointers(answer) == {"/author_url"}


@each_spelling
def test_a_sites_server_is_told_to_leave_it_out(site: Site, name: str) -> None:
    comment = {"thread": {"key": "a"}, "author_name": name, "author_email": EMAIL, "body": "Hello"}
    answer = server(site, "comments").post("comments", comment)
    assert (answer.status_code, pointers(answer)) == (400, {"/author_name"})


def test_who_signs_on_under_an_address_is_anonymous(site: Site, reader: Api) -> None:
    secret = single_sign_on.generate_secret(site)
    told = exchange(reader, sign(secret, name=LEAK)).json()
    assert told["name"] == "Anonymous"
    sent = submission(reader, reader_token=told["reader_token"])
    assert reader.post("comments", sent).status_code == 201
    assert Comment.objects.get().author_name == ""


def test_whom_a_server_signs_on_under_an_address_is_anonymous(site: Site) -> None:
    token = sign(single_sign_on.generate_secret(site), name=LEAK)
    comment = {"thread": {"key": "a"}, "sign_on": token, "body": "Hello"}
    answer = server(site, "comments").post("comments", comment)
    assert (answer.status_code, answer.json()["author_name"]) == (201, "")


@each_spelling
def test_a_comment_checked_for_a_plugin_enters_the_queue_without_it(
    queueing: str, name: str
) -> None:
    fields = checked(queueing, comment_content="You idiot", comment_author=name)
    call("comment-check", {**fields, "callback": f"{BLOG}/hook", "comment_post_ID": "7"})
    assert Comment.objects.get().author_name == Author.objects.get().name == ""


def test_feedback_keeps_no_address(site: Site) -> None:
    item = {
        "text": "Hello",
        "author_name": LEAK,
        "author_url": f"https://{LEAK}",
        "labels": {"SPAM": True},
    }
    assert server(site, "feedback").post("feedback", {"items": [item]}).status_code == 201
    assert (Label.objects.get().author_name, Label.objects.get().author_url) == ("", "")


def native(name: str, email: str) -> str:
    author = {"name": name, "url": "", "email": email}
    row = {
        "type": "comment",
        "id": "019ab000-0000-7000-8000-000000000001",
        "thread": "a",
        "parent": None,
        "author": author,
        "body": "First",
        "status": "approved",
        "created_at": "2026-11-24T12:00:00Z",
        "edited_at": None,
    }
    return '{"format":"leave-a-reply","version":1}\n' + json.dumps(row)


def isso(name: str, email: str) -> str:
    comment = {
        "author": name, "email": email, "website": None, "remote_addr": "", "id": 1,
        "created": "2014-05-13 16:53:20", "text": "First",
    }  # fmt: skip
    return json.dumps([{"id": "/a", "title": "A", "comments": [comment]}])


FILES = {
    "native": native,
    "isso": isso,
    "wordpress": lambda name, email: wordpress.export(
        wordpress.written(
            "5", "First", comment_author=f"<![CDATA[{name}]]>", comment_author_email=email
        )
    ),
    "disqus": lambda name, email: disqus.export(
        disqus.post("10", "First", email=email).replace(
            "<name>Ann</name>", f"<name><![CDATA[{name}]]></name>"
        )
    ),
    "remark42": lambda name, email: json_formats.backup(
        json_formats.remark("a", "First", user={"name": name, "id": "github_1", "admin": False})
    ),
}


@each_spelling
@pytest.mark.parametrize("kind", FILES)
def test_an_import_shows_a_neutral_name_and_keeps_the_address_encrypted(
    load: Load, kind: str, name: str
) -> None:
    result = load(FILES[kind](name, ""), "--base-url", "https://gazette.example")
    assert (result["format"], result["created"]) == (kind, 1)
    comment = Comment.objects.select_related("author").get()
    assert comment.author_name == ""
    assert comment.author is not None
    assert comment.author.name == ""
    assert not comment.author_verified
    assert email_addresses.decrypt(comment.author.email_encrypted) == LEAK


def test_an_import_keeps_the_address_that_the_file_has(load: Load) -> None:
    load(native(LEAK, EMAIL))
    author = Author.objects.get()
    assert (author.name, email_addresses.decrypt(author.email_encrypted)) == ("", EMAIL)


@pytest.fixture
def stored_otherwise(site: Site) -> Comment:
    """A row that no door of this release let in."""
    comment = CommentFactory(
        thread=ThreadFactory(site=site, key="article", url=""), status=Status.APPROVED
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comments_comment SET author_name = %s, author_url = %s",
            [LEAK, f"https://{LEAK}/"],
        )
    return comment


@pytest.mark.parametrize(
    "path",
    [
        "/sites/gazette/thread?key=article",
        "/sites/gazette/feed.atom",
        "/sites/gazette/feed.atom?key=article",
        "/api/v1/sites/gazette/comments?thread=article",
    ],
)
def test_what_was_stored_otherwise_is_not_shown(stored_otherwise: Comment, path: str) -> None:
    page = Client().get(path).content.decode()
    assert stored_otherwise.body in page or stored_otherwise.body_html in page
    assert "private.example" not in page


def test_nor_given_to_plugins_exports_and_webhooks(
    stored_otherwise: Comment, site: Site, tmp_path: Path
) -> None:
    answer = server(site, "comments").get(f"comments/{stored_otherwise.pk}")
    assert (answer.json()["author_name"], answer.json()["author_url"]) == ("", "")
    payload = events.comment_payload(Comment.objects.get())
    assert "private.example" not in json.dumps(payload)


def test_no_verb_stores_it() -> None:
    comment = CommentFactory(author_name=LEAK, author_url=f"https://{LEAK}/")
    assert (comment.author_name, comment.author_url) == ("", "")
    Comment.objects.update(author_name=LEAK)
    comment.author_name = LEAK
    Comment.objects.bulk_update([comment], ["author_name"])
    Comment.objects.bulk_create(
        [CommentFactory.build(thread=comment.thread, author=None, author_name=LEAK)]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM comments_comment WHERE author_name LIKE '%private%'")
        assert cursor.fetchone() == (0,)


def test_a_page_is_known_without_its_readers_address(reader: Api, site: Site) -> None:
    page = f"https://{site.slug}.example/a?utm_source=mail&reader={LEAK}"
    answer = reader.post(
        "comments", submission(reader, thread={"url": page, "title": f"For {EMAIL}"})
    )
    assert answer.status_code == 201, answer.content
    thread = Comment.objects.get().thread
    assert (thread.key, thread.title) == ("https://gazette.example/a?utm_source=mail", "")
    assert not Event.objects.filter(data__icontains="private").exists()
