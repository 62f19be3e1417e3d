"""What each system hides by ways of its own is not public here either."""

import json
from typing import Any

import pytest

from comments.formats.items import ImportedComment, ImportNote, ImportSkipped
from comments.status import Status
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.test_other_systems import (
    AT,
    URL,
    Found,
    Reader,
    coral,
    coral_comment,
    read,
)

__all__ = ["read"]


def one(found: Found) -> ImportedComment:
    (comment,) = found.comments.values()
    return comment


# Remark42 shows nobody what somebody wrote who is blocked.


def remark42(users: list[dict[str, Any]], **changes: Any) -> str:
    comment = {
        "id": "a", "pid": "", "text": "<p>Hello</p>", "user": {"name": "Eve", "id": "github_1"},
        "locator": {"site": "s", "url": URL}, "time": "2021-10-28T12:50:15Z", **changes,
    }  # fmt: skip
    return json.dumps({"version": 1, "users": users, "posts": []}) + "\n" + json.dumps(comment)


BLOCKED = {"id": "github_1", "blocked": {"status": True, "until": "2121-01-01T00:00:00Z"}}
BY_EVE = {"name": "Eve", "id": "github_1", "block": True}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (remark42([BLOCKED]), Status.REJECTED),
        (remark42([], user=BY_EVE), Status.REJECTED),
        (remark42([], user=BY_EVE, delete=True), Status.REJECTED),
        (remark42([BLOCKED], delete=True, text="", orig=""), Status.DELETED),
        (remark42([{**BLOCKED, "blocked": {"status": False}}]), Status.APPROVED),
        (remark42([{**BLOCKED, "id": "github_2"}]), Status.APPROVED),
    ],
)
def test_what_a_blocked_reader_of_remark42_wrote_is_not_public(
    read: Reader, content: str, status: Status
) -> None:
    assert one(read(content)).status == status


# Artalk folds comments, and closes pages to all but its administrators.


def artalk(**changes: Any) -> list[dict[str, Any]]:
    row = {
        "id": "1", "rid": "0", "content": "Hello", "created_at": "2021-10-28 20:50:15 +0800",
        "is_collapsed": "false", "is_pending": "false", "nick": "Ann", "page_key": URL,
        "page_admin_only": "false", "site_urls": "",
    }  # fmt: skip
    return [{**row, **changes}]


@pytest.mark.parametrize("value", ["true", True])
def test_what_artalk_folds_waits_for_a_person(read: Reader, value: Any) -> None:
    assert one(read(artalk())).status == Status.APPROVED
    assert one(read(artalk(is_collapsed=value))).status == Status.HELD


def test_a_page_of_artalk_for_its_administrators_is_closed(read: Reader) -> None:
    assert read(artalk()).pages[URL].closed_at is None
    assert read(artalk(page_admin_only="true")).pages[URL].closed_at is not None


def test_what_somebody_wrote_whom_fastcomments_bans_in_secret_waits(read: Reader) -> None:
    row = {"_id": "1", "urlId": "b", "url": URL, "commenterName": "Eve", "comment": "Hi",
           "date": 1635425415000, "approved": True}  # fmt: skip
    assert one(read([{**row, "isBannedUser": False}])).status == Status.APPROVED
    assert one(read([{**row, "isBannedUser": True}])).status == Status.HELD


# Coral.


@pytest.mark.parametrize(
    ("changes", "is_closed"),
    [({"closedAt": False}, False), ({}, False), ({"isArchived": True}, True)],
)
def test_a_story_of_coral_that_was_opened_again_is_open(
    read: Reader, changes: dict[str, Any], is_closed: bool
) -> None:
    story, user, comment = map(json.loads, coral(coral_comment("a")).splitlines())
    del story["closedAt"]
    rows = [{**story, **changes}, user, comment]
    page = read("\n".join(map(json.dumps, rows))).pages[URL]
    assert (page.closed_at is not None) == is_closed


def test_a_picture_of_coral_is_a_link(read: Reader) -> None:
    revision = coral_comment("a")["revisions"][0]
    media = {"type": "giphy", "id": "x", "original": "https://media.example/bee.gif"}
    found = read(coral(coral_comment("a", revisions=[{**revision, "body": "", "media": media}])))
    assert one(found).body == "https://media.example/bee.gif"


# WordPress keeps among its posts what is no page.


@pytest.mark.parametrize("kind", ["shop_order", "revision", "wp_block", "feedback"])
def test_comments_under_what_is_no_page_of_wordpress_are_left_out(read: Reader, kind: str) -> None:
    post = f"<wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>"
    found = read(wordpress.export(wordpress.written("5", "Note"), post=post))
    reasons = [item.reason for item in found.items if isinstance(item, ImportSkipped)]
    assert (found.comments, reasons) == ({}, [f"under what is no page ({kind})"])


@pytest.mark.parametrize("kind", ["post", "page", "product", "attachment", "forum"])
def test_comments_under_pages_of_wordpress_come_in(read: Reader, kind: str) -> None:
    post = f"<wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>"
    assert one(read(wordpress.export(wordpress.written("5", "Hi"), post=post))).body == "Hi"


# GitHub.

COMMENT = {"id": "c1", "author": {"login": "ann"}, "body": "Hello", "bodyHTML": "<p>Hello</p>",
           "createdAt": "2021-10-28T12:50:15Z"}  # fmt: skip


def discussion(**changes: Any) -> dict[str, Any]:
    return {
        "title": "bees/",
        "body": f"[{URL}]({URL})",
        "comments": {"nodes": [COMMENT]},
        **changes,
    }


def answer(name: str, value: Any) -> dict[str, Any]:
    return {"data": {"repository": {name: value}}}


@pytest.mark.parametrize(
    "content",
    [
        answer("discussions", {"nodes": [discussion()]}),
        [answer("discussions", {"nodes": [discussion()]})],
        answer("discussion", discussion()),
        answer("issues", {"nodes": [discussion()]}),
    ],
)
def test_answers_of_the_api_are_read_however_they_were_fetched(read: Reader, content: Any) -> None:
    comment = one(read(content))
    assert (comment.body, comment.page, comment.created_at) == ("Hello", URL, AT)


def test_discussions_about_something_else_are_left_out(read: Reader) -> None:
    found = read(answer("discussions", {"nodes": [discussion(title="A crash", body="It does.")]}))
    reasons = [item.reason for item in found.items if isinstance(item, ImportSkipped)]
    assert (found.comments, reasons) == ({}, ["on what names no page"])


@pytest.mark.parametrize("more", [{"totalCount": 120}, {"pageInfo": {"hasNextPage": True}}])
def test_comments_that_were_not_fetched_are_named(read: Reader, more: dict[str, Any]) -> None:
    comments = {"nodes": [COMMENT], **more}
    found = read(answer("discussions", {"nodes": [discussion(comments=comments)]}))
    (note,) = (item for item in found.items if isinstance(item, ImportNote))
    assert (note.location, "fetch the others" in note.message) == ("bees/", True)


@pytest.mark.parametrize(
    ("minimized", "status"),
    [(None, Status.APPROVED), ({"reason": "spam"}, Status.SPAM), ({"reason": "x"}, Status.HELD)],
)
def test_a_folded_comment_of_an_issue_is_not_public(
    read: Reader, minimized: Any, status: Status
) -> None:
    issue = {"number": 3, "title": "bees/", "body": URL, "comments_url": "x/issues/3/comments"}
    comment = {"id": 1, "issue_url": "x/issues/3", "body": "Hi", "created_at": "2021-10-28T12:50Z",
               "minimized": minimized}  # fmt: skip
    # As `gh api --paginate --slurp` writes them.
    assert one(read(json.dumps([[issue]]) + json.dumps([[comment]]))).status == status


# Hyvor Talk's export has the documents of its editor.


def hyvor(body: Any) -> dict[str, Any]:
    page = {"id": 5, "identifier": "bees", "url": URL, "title": "Bees"}
    row = {"id": 1, "page": page, "user": {"name": "Ann"}, "status": "published",
           "created_at": 1635425415, "body": body}  # fmt: skip
    return {"comments": [row]}


LINK = {"type": "link", "attrs": {"href": URL}}
DOCUMENT = {
    "type": "doc",
    "content": [
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "Hello "},
                {"type": "text", "text": "you <b>", "marks": [{"type": "strong"}]},
                {"type": "hard_break"},
                {"type": "text", "text": "there", "marks": [LINK]},
            ],
        },
        {"type": "blockquote", "content": [{"type": "paragraph", "content": [
            {"type": "mention", "attrs": {"label": "Bob"}}]}]},
        {"type": "image", "attrs": {"src": "https://media.example/a.png", "alt": None}},
        {"type": "codeBlock", "content": [{"type": "text", "text": "a < b"}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("body", [DOCUMENT, json.dumps(DOCUMENT)])
def test_a_document_of_an_editor_looks_as_it_did(read: Reader, body: Any) -> None:
    found = read(hyvor(body))
    assert one(found).body == (
        f"Hello **you \\<b>**\n[there]({URL})\n\n> Bob\n\nhttps://media.example/a.png\n\n"
        "```\na < b\n```"
    )


@pytest.mark.parametrize("body", [{"type": "doc"}, {"type": "doc", "content": "x"}, "{", [1]])
def test_a_document_that_is_none_is_a_problem_or_a_text(read: Reader, body: Any) -> None:
    rows = [hyvor(DOCUMENT)["comments"][0], {**hyvor(body)["comments"][0], "id": 2}]
    found = read({"comments": rows})
    assert len(found.comments) + len(found.problems) == 2
