"""Files of the systems that have one importer each, shaped as their own code writes them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comments.formats import formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.formats.options import ImportOptions
from comments.status import Status

URL = "https://gazette.example/bees/"
BASE = "https://gazette.example"
AT = datetime(2021, 10, 28, 12, 50, 15, tzinfo=UTC)


class Found:
    """The items of a file, by kind."""

    def __init__(self, name: str, items: Iterator[Item]) -> None:
        self.name, self.items = name, list(items)

    @property
    def comments(self) -> dict[str, ImportedComment]:
        return {i.source_id: i for i in self.items if isinstance(i, ImportedComment)}

    @property
    def statuses(self) -> dict[str, Status]:
        return {name: comment.status for name, comment in self.comments.items()}

    @property
    def pages(self) -> dict[str, ImportedThread]:
        return {i.key: i for i in self.items if isinstance(i, ImportedThread)}

    @property
    def problems(self) -> list[str]:
        return [i.message for i in self.items if isinstance(i, ImportProblem)]


class Reader:
    """Reads content as a file whose format is recognised."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: Any, base: str = BASE, **options: Any) -> Found:
        path = self.folder / "export"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        source = ImportFile(path, base, options=ImportOptions(**options))
        name, found = formats.detect_format(source)
        return Found(name, found.read(source))


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


# Coral: `mongoexport` of three collections, one after another.


def coral(*comments: dict[str, Any]) -> str:
    story = {
        "_id": {"$oid": "60c1"}, "id": "s1", "tenantID": "t", "siteID": "i", "url": URL,
        "metadata": {"title": "Bees"}, "createdAt": {"$date": "2021-10-01T00:00:00.000Z"},
        "closedAt": {"$date": {"$numberLong": "1635425415000"}},
    }  # fmt: skip
    user = {"_id": {"$oid": "60c2"}, "id": "u1", "tenantID": "t", "username": "Ann",
            "email": "ann@mail.example", "role": "COMMENTER"}  # fmt: skip
    return "\n".join(json.dumps(row) for row in (story, user, *comments))


def coral_comment(name: str, **changes: Any) -> dict[str, Any]:
    revision = {"id": "r1", "body": "<p>Hello <b>you</b></p>", "actionCounts": {},
                "createdAt": {"$date": "2021-10-28T12:50:15.000Z"}}  # fmt: skip
    return {
        "_id": {"$oid": "60c3"}, "id": name, "tenantID": "t", "siteID": "i", "storyID": "s1",
        "authorID": "u1", "ancestorIDs": [], "childIDs": [], "status": "NONE",
        "revisions": [revision], "createdAt": {"$date": "2021-10-28T12:50:15.000Z"}, **changes,
    }  # fmt: skip


def test_coral_is_read(read: Reader) -> None:
    edited = {"id": "r2", "body": "Later", "createdAt": {"$date": "2021-10-28T13:00:00Z"}}
    revisions = [*coral_comment("x")["revisions"], edited]
    found = read(coral(coral_comment("a"), coral_comment("b", parentID="a", revisions=revisions)))
    assert (found.name, found.problems) == ("coral", [])
    a, b = found.comments.values()
    assert (a.body, a.page, a.created_at, a.author_name) == ("Hello **you**", URL, AT, "Ann")
    assert a.author_email == "ann@mail.example"
    assert (b.parent, b.body, b.edited_at) == ("a", "Later", datetime(2021, 10, 28, 13, tzinfo=UTC))
    assert (found.pages[URL].title, found.pages[URL].closed_at) == ("Bees", AT)


def test_what_coral_does_not_show_is_not_public(read: Reader) -> None:
    states = ("APPROVED", "NONE", "PREMOD", "SYSTEM_WITHHELD", "REJECTED")
    comments = [coral_comment(state, status=state) for state in states]
    gone = coral_comment("gone", deletedAt={"$date": "2021-10-29T00:00:00Z"}, authorID=None)
    assert list(read(coral(*comments, gone)).statuses.values()) == [
        Status.APPROVED, Status.APPROVED, Status.HELD, Status.HELD, Status.REJECTED, Status.DELETED,
    ]  # fmt: skip


def test_a_comment_on_a_story_of_coral_that_is_not_there_is_a_problem(read: Reader) -> None:
    found = read(coral(coral_comment("a", storyID="s2")))
    assert "its story is not in the file" in found.problems[0]


# Comentario 3.


def comentario(*comments: dict[str, Any]) -> dict[str, Any]:
    page = {"id": "p1", "domainId": "d", "path": "/bees/", "title": "Bees", "isReadonly": True,
            "createdTime": "2021-10-01T00:00:00.000Z"}  # fmt: skip
    person = {"id": "u1", "name": "Ann", "email": "ann@mail.example",
              "websiteUrl": "https://ann.example/", "createdTime": "2021-01-01"}  # fmt: skip
    return {"version": 3, "pages": [page], "comments": list(comments), "commenters": [person]}


def comentario_comment(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name, "pageId": "p1", "markdown": "Hello **you**",
        "html": "<p>Hello <strong>you</strong></p>", "isApproved": True, "isPending": False,
        "isDeleted": False, "createdTime": "2021-10-28T12:50:15.000Z", "userCreated": "u1",
        **changes,
    }  # fmt: skip


def test_comentario_is_read(read: Reader) -> None:
    anonymous = comentario_comment("b", parentId="a", userCreated="00", authorName="Guest")
    found = read(comentario(comentario_comment("a"), anonymous))
    assert (found.name, found.problems) == ("comentario", [])
    a, b = found.comments.values()
    assert (a.body, a.page, a.created_at) == ("Hello **you**", URL, AT)
    assert (a.author_name, a.author_url) == ("Ann", "https://ann.example/")
    assert (b.parent, b.author_name, b.author_email) == ("a", "Guest", "")
    assert found.pages[URL].closed_at is not None


def test_what_comentario_does_not_show_is_not_public(read: Reader) -> None:
    found = read(
        comentario(
            comentario_comment("pending", isPending=True, isApproved=False),
            comentario_comment("rejected", isApproved=False),
            comentario_comment("deleted", isDeleted=True, markdown="", html=""),
        )
    )
    assert found.statuses == {
        "pending": Status.HELD, "rejected": Status.REJECTED, "deleted": Status.DELETED,
    }  # fmt: skip


# Cusdis: rows of its tables, or its dashboard's API.


def cusdis_row(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name, "pageId": "p1", "created_at": "2021-10-28T12:50:15.000Z", "deletedAt": None,
        "moderatorId": None, "by_email": "ann@mail.example", "by_nickname": "Ann",
        "content": "Hello **you** <b>", "approved": 1, "parentId": None,
        "slug": "/bees/", "url": URL, "title": "Bees", **changes,
    }  # fmt: skip


def test_rows_of_cusdis_are_read(read: Reader) -> None:
    found = read([cusdis_row("a"), cusdis_row("b", parentId="a", approved=0)])
    assert (found.name, found.problems) == ("cusdis", [])
    a, b = found.comments.values()
    assert (a.body, a.page, a.created_at) == ("Hello **you** <b>", URL, AT)
    assert (a.author_name, a.author_email) == ("Ann", "ann@mail.example")
    assert (a.status, b.status, b.parent) == (Status.APPROVED, Status.HELD, "a")


def test_the_api_of_cusdis_is_read_with_the_replies_within(read: Reader) -> None:
    page = {"id": "p1", "slug": "bees", "url": URL, "title": "Bees"}
    reply = {**cusdis_row("b", parentId="a"), "url": None, "slug": None}
    top = {**cusdis_row("a"), "page": page, "replies": {"commentCount": 1, "data": [reply]}}
    answer = {"data": {"commentCount": 1, "pageSize": 10, "pageCount": 1, "data": [top]}}
    found = read(answer)
    assert found.problems == []
    assert {c.source_id: (c.page, c.parent) for c in found.comments.values()} == {
        "a": (URL, ""), "b": (URL, "a"),
    }  # fmt: skip


# Waline.


def waline(*comments: dict[str, Any]) -> dict[str, Any]:
    tables = {"Comment": list(comments), "Counter": [{"url": "/bees/", "time": 7}], "Users": []}
    return {"__version": "1.29", "type": "waline", "version": 1, "time": 1635425415000,
            "tables": list(tables), "data": tables}  # fmt: skip


def waline_comment(name: object, **changes: Any) -> dict[str, Any]:
    return {
        "objectId": name, "nick": "Ann", "mail": "ann@mail.example", "link": "https://ann.example/",
        "ip": "198.51.100.7", "ua": "Mozilla/5.0", "url": "/bees/", "comment": "Hello **you**",
        "pid": "", "rid": "", "status": "approved", "insertedAt": "2021-10-28T12:50:15.000Z",
        "createdAt": "2022-01-01T00:00:00.000Z", "updatedAt": "2022-01-01T00:00:00.000Z", **changes,
    }  # fmt: skip


def test_waline_is_read(read: Reader) -> None:
    inserted = {"__type": "Date", "iso": "2021-10-28T12:50:15.000Z"}
    found = read(
        waline(
            waline_comment(1),
            waline_comment(2, pid=1, rid=1, status="waiting", insertedAt=inserted),
            waline_comment(3, status="spam", comment="<p>1986. <em>A</em> year</p>"),
        )
    )
    assert (found.name, found.problems) == ("waline", [])
    first, second, third = found.comments.values()
    assert (first.body, first.page, first.created_at) == ("Hello **you**", URL, AT)
    assert (second.parent, second.status, second.created_at) == ("1", Status.HELD, AT)
    assert (third.body, third.status) == ("1986\\. *A* year", Status.SPAM)


# Artalk.


def test_artrans_is_read(read: Reader) -> None:
    row = {
        "id": "1", "rid": "0", "content": "Hello **you**", "ua": "", "ip": "198.51.100.7",
        "is_collapsed": "false", "is_pending": "false", "is_pinned": "false", "vote_up": "1",
        "vote_down": "0", "created_at": "2021-10-28 20:50:15 +0800",
        "updated_at": "2021-10-28 20:50:15 +0800", "nick": "Ann", "email": "ann@mail.example",
        "link": "https://ann.example/", "page_key": "/bees/", "page_title": "Bees",
        "page_admin_only": "false", "site_name": "Gazette", "site_urls": "https://gazette.example/",
    }  # fmt: skip
    found = read([row, {**row, "id": "2", "rid": "1", "is_pending": "true"}], "")
    assert (found.name, found.problems) == ("artalk", [])
    first, second = found.comments.values()
    assert (first.body, first.page, first.created_at) == ("Hello **you**", URL, AT)
    assert (first.parent, second.parent, second.status) == ("", "1", Status.HELD)
    assert found.pages[URL].title == "Bees"


# giscus and utterances.


def test_discussions_of_giscus_are_read(read: Reader) -> None:
    comment = {
        "id": "c1", "author": {"login": "ann", "url": "https://github.com/ann"},
        "body": "# Hi\n\nHello **you**",
        "bodyHTML": "<h1>Hi</h1>\n<p>Hello <strong>you</strong></p>",
        "createdAt": "2021-10-28T12:50:15Z", "lastEditedAt": None, "deletedAt": None,
        "isMinimized": False, "minimizedReason": None,
    }  # fmt: skip
    reply = {**comment, "id": "r1", "author": None}
    spam = {**comment, "id": "c2", "isMinimized": True, "minimizedReason": "spam"}
    hidden = {**comment, "id": "c3", "isMinimized": True, "minimizedReason": "abuse"}
    gone = {**comment, "id": "c4", "deletedAt": "2021-10-29T00:00:00Z", "body": "", "bodyHTML": ""}
    discussion = {
        "number": 7, "title": "bees/", "locked": True, "createdAt": "2021-10-01T00:00:00Z",
        "body": f"# bees/\n\nAbout bees\n\n[{URL}]({URL})",
        "comments": {"nodes": [{**comment, "replies": {"nodes": [reply]}}, spam, hidden, gone]},
    }  # fmt: skip
    found = read({"data": {"repository": {"discussions": {"nodes": [discussion]}}}})
    assert (found.name, found.problems) == ("discussions", [])
    first, second = found.comments["c1"], found.comments["r1"]
    assert (first.body, first.page, first.author_name) == ("**Hi**\n\nHello **you**", URL, "ann")
    assert (second.parent, second.author_name) == ("c1", "")
    assert list(found.statuses.values())[2:] == [Status.SPAM, Status.HELD, Status.DELETED]
    assert found.pages[URL].closed_at is not None


def test_issues_of_utterances_are_read(read: Reader) -> None:
    repository = "https://api.github.com/repos/ann/blog"
    issue = {
        "number": 3, "title": "bees/", "body": "About bees", "locked": False, "state": "open",
        "created_at": "2021-10-01T00:00:00Z", "comments_url": f"{repository}/issues/3/comments",
    }  # fmt: skip
    pull = {**issue, "number": 4, "pull_request": {"url": f"{repository}/pulls/4"}}
    comment = {
        "id": 11, "issue_url": f"{repository}/issues/3", "body": "Hello\r\n**you**",
        "user": {"login": "ann", "html_url": "https://github.com/ann"},
        "created_at": "2021-10-28T12:50:15Z", "updated_at": "2021-10-28T12:50:15Z",
    }  # fmt: skip
    others = [
        {**comment, "id": 12, "issue_url": f"{repository}/issues/4"},
        {**comment, "id": 13, "issue_url": f"{repository}/issues/5"},
    ]
    found = read(json.dumps([issue, pull]) + "\n" + json.dumps([comment, *others]))
    assert found.name == "discussions"
    assert found.comments["11"].page == URL
    assert found.comments["11"].author_url == "https://github.com/ann"
    assert [i.reason for i in found.items if isinstance(i, ImportSkipped)] == ["on a pull request"]
    assert "its issue is not in the file" in found.problems[0]


# Hyvor Talk.


def test_hyvor_talk_is_read(read: Reader) -> None:
    page = {"id": 5, "identifier": "bees", "url": URL, "title": "Bees", "is_closed": False}
    comment = {
        "id": 1, "page_id": 5, "parent_id": None, "status": "published", "created_at": 1635425415,
        "user": {"name": "Ann", "email": "ann@mail.example", "website_url": None},
        "body_html": "<p>Hello <strong>you</strong></p>",
    }  # fmt: skip
    rows = [comment, {**comment, "id": 2, "parent_id": 1, "status": "pending"}]
    found = read({"pages": [page], "comments": rows})
    assert (found.name, found.problems) == ("hyvor", [])
    first, second = found.comments.values()
    assert (first.body, first.page, first.created_at) == ("Hello **you**", URL, AT)
    assert (first.author_email, second.parent, second.status) == (
        "ann@mail.example", "1", Status.HELD,
    )  # fmt: skip


# FastComments.


def test_fastcomments_is_read(read: Reader) -> None:
    comment = {
        "_id": "f1", "urlId": "bees", "url": URL, "pageTitle": "Bees", "commenterName": "Ann",
        "commenterEmail": "ann@mail.example", "comment": "Hello **you**", "approved": True,
        "commentHTML": "Hello <b>you</b>", "date": 1635425415000, "isSpam": False, "parentId": None,
    }  # fmt: skip
    child = {**comment, "_id": "f2", "approved": False, "date": "2021-10-28T12:50:15.000Z"}
    del child["parentId"]
    spam = {**comment, "_id": "f3", "isSpam": True, "approved": False}
    found = read({"status": "success", "comments": [{**comment, "children": [child]}, spam]})
    assert (found.name, found.problems) == ("fastcomments", [])
    first, second, third = found.comments.values()
    assert (first.body, first.page, first.created_at) == ("Hello **you**", URL, AT)
    assert (second.parent, second.created_at, second.status) == ("f1", AT, Status.HELD)
    assert third.status == Status.SPAM


# Tables.


def test_a_table_with_usual_columns_is_read(read: Reader) -> None:
    found = read(
        "Comment ID;URL;Parent ID;Date;Author;Text;Status\n"
        f'1;{URL};;2021-10-28 12:50:15;Ann;"Hello; *you*\n1986. A year";approved\n'
        f"2;{URL};1;1635425415;Bob;Hm;pending\n"
        f"3;{URL};;yesterday;Eve;No time;\n"
    )
    first, second = found.comments.values()
    assert (found.name, first.body) == ("csv", "Hello; \\*you\\*\n1986\\. A year")
    assert (first.page, first.created_at, first.author_name) == (URL, AT, "Ann")
    assert (second.parent, second.created_at, second.status) == ("1", AT, Status.HELD)
    assert len(found.problems) == 1


def test_the_columns_of_a_table_can_be_named(read: Reader) -> None:
    table = f"Seite,Wann,Was,text\n{URL},2021-10-28T12:50:15Z,<b>Hello</b>,unused\n"
    path = read.folder / "table"
    path.write_text(table)
    columns = (("page", "Seite"), ("created_at", "Wann"), ("body", "Was"))
    options = ImportOptions(columns=columns, text_format="html")
    reader = formats.IMPORT_FORMATS["csv"]
    found = Found("csv", reader.read(ImportFile(path, options=options)))
    again = Found("csv", reader.read(ImportFile(path, options=options)))
    (comment,) = found.comments.values()
    assert (comment.body, comment.page) == ("**Hello**", URL)
    assert again.comments.keys() == found.comments.keys()
    with pytest.raises(UnreadableFile, match="Say which column of the table is the page"):
        list(reader.read(ImportFile(path)))
    with pytest.raises(UnreadableFile, match="no column “Ort”"):
        list(reader.read(ImportFile(path, options=ImportOptions(columns=(("page", "Ort"),)))))


def test_a_quotation_mark_without_end_is_refused_with_its_line(read: Reader) -> None:
    table = f'url,date,text\n{URL},2021-10-28,"{"x" * 5_000_000}'
    with pytest.raises(UnreadableFile, match="at line 2"):
        read(table)
