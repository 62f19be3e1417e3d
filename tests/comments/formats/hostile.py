"""Files that somebody made to do harm, in each format that is imported."""

import csv
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from comments.formats.items import MAX_BODY

TIME = "2020-01-01T10:00:00+00:00"
LONG = "https://gazette.example/" + "x" * 5000
# Linkified in time that grows with the square of its length.
SLOW = "http://(((" * 6000


class Row(NamedTuple):
    """A comment of a file, in the words of no format."""

    number: int
    text: Any = "fine"
    time: Any = TIME
    page: Any = "https://gazette.example/elections"
    name: Any = "Ann"
    native_id: str = ""


# What a row may be made of; where a format can't say it, it says something else.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "500 nested quotations": {"text": "<blockquote>" * 500 + "deep"},
    "150,000 nested quotations": {"text": "<blockquote>" * 150_000 + "deep"},
    "a list of 20,000": {"text": "<ol>" + "<li>a" * 20_000},
    "20,000 attributes": {"text": "<a " + " ".join(f"x{n}" for n in range(20_000)) + ">t</a>"},
    "comments that never end": {"text": "<!--" * 20_000},
    "a text that is too long": {"text": "x" * (MAX_BODY + 1)},
    "links without end": {"text": SLOW},
    "the end of time": {"time": "9999-12-31T23:59:59-23:59"},
    "the start of time": {"time": "0001-01-01T00:00:00+23:59"},
    "a year of fiction": {"time": "9998-01-01T00:00:00Z"},
    "no time": {"time": "yesterday"},
    "half a surrogate pair": {"text": "a\ud800b", "name": "\udfff"},
    "NUL": {"text": "a\x00b", "name": "\x00"},
    "a number as a text": {"text": 10**40, "name": 10**40},
    "a list as a name": {"name": [[]]},
    "a page without end": {"page": LONG},
    "an invalid page": {"page": "https://[::1"},
}
Build = Callable[[Sequence[Row], Path], None]


def native(rows: Sequence[Row], path: Path) -> None:
    lines = ['{"format":"leave-a-reply","version":1}']
    lines += [
        json.dumps(
            {
                "type": "comment",
                "id": row.native_id or f"019a0000-0000-7000-8000-{row.number:04x}00000000",
                "thread": row.page,
                "parent": None,
                "author": {"name": row.name, "url": ""},
                "body": row.text,
                "status": "approved",
                "created_at": row.time,
                "edited_at": None,
            }
        )
        for row in rows
    ]
    path.write_text("\n".join(lines))


def remark42(rows: Sequence[Row], path: Path) -> None:
    lines = ['{"users":[],"posts":[]}']
    lines += [
        json.dumps(
            {
                "id": str(row.number),
                "text": row.text,
                "user": {"name": row.name},
                "locator": {"url": row.page},
                "time": row.time,
            }
        )
        for row in rows
    ]
    path.write_text("\n".join(lines))


def commento(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {
            "commentHex": str(row.number),
            "url": row.page,
            "commenterHex": str(row.number),
            "markdown": row.text,
            "state": "approved",
            "creationDate": row.time,
        }
        for row in rows
    ]
    people = [{"commenterHex": str(row.number), "name": row.name} for row in rows]
    path.write_text(json.dumps({"version": 1, "comments": comments, "commenters": people}))


def isso(rows: Sequence[Row], path: Path) -> None:
    threads = [
        {
            "id": row.page,
            "title": "",
            "comments": [
                {"id": row.number, "author": row.name, "created": row.time, "text": row.text}
            ],
        }
        for row in rows
    ]
    path.write_text(json.dumps(threads))


THREADS = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR, title VARCHAR)"
COMMENTS = (
    "CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT,"
    " modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR,"
    " email VARCHAR, website VARCHAR)"
)


def isso_database(rows: Sequence[Row], path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(THREADS)
        database.execute(COMMENTS)
        for row in rows:
            time = 1e9 if row.time == TIME else 1e300
            values = [str(v).encode("utf-8", "replace").decode() for v in (row.text, row.name)]
            database.execute("INSERT INTO threads VALUES (?, ?, '')", (row.number, row.page))
            database.execute(
                "INSERT INTO comments VALUES (?, ?, NULL, ?, NULL, 1, '', ?, ?, '', '')",
                (row.number, row.number, time, *values),
            )


def _xml(value: Any) -> str:
    """Return a value as it can stand in XML: surrogates can't."""
    return escape(str(value).encode("utf-8", "replace").decode())


def disqus(rows: Sequence[Row], path: Path) -> None:
    threads = [
        f'<thread dsq:id="{row.number}"><id/><link>{_xml(row.page)}</link></thread>' for row in rows
    ]
    posts = [
        f'<post dsq:id="{row.number}"><message>{_xml(row.text)}</message>'
        f"<createdAt>{_xml(row.time)}</createdAt><author><name>{_xml(row.name)}</name></author>"
        f'<thread dsq:id="{row.number}"/></post>'
        for row in rows
    ]
    head = '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'
    path.write_text(head + "\n".join([*threads, *posts]) + "</disqus>")


def wordpress(rows: Sequence[Row], path: Path) -> None:
    items = [
        f"<item><link>{_xml(row.page)}</link><wp:comment><wp:comment_id>{row.number}"
        f"</wp:comment_id><wp:comment_author>{_xml(row.name)}</wp:comment_author>"
        f"<wp:comment_date_gmt>{_xml(row.time)}</wp:comment_date_gmt>"
        f"<wp:comment_content>{_xml(row.text)}</wp:comment_content>"
        "<wp:comment_approved>1</wp:comment_approved></wp:comment></item>"
        for row in rows
    ]
    head = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    path.write_text(head + "\n".join(items) + "</channel></rss>")


def _written(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value))


def coral(rows: Sequence[Row], path: Path) -> None:
    documents: list[dict[str, Any]] = []
    for row in rows:
        name = str(row.number)
        common = {"id": name, "tenantID": "t"}
        documents.append({**common, "url": row.page})
        documents.append({**common, "username": row.name})
        revisions = [{"body": row.text}]
        documents.append(
            {**common, "storyID": name, "authorID": name, "status": "NONE",
             "revisions": revisions, "createdAt": {"$date": row.time}}
        )  # fmt: skip
    path.write_text("\n".join(map(json.dumps, documents)))


def comentario(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"id": row.number, "pageId": row.number, "markdown": row.text, "isApproved": True,
         "createdTime": row.time, "userCreated": row.number}
        for row in rows
    ]  # fmt: skip
    pages = [{"id": row.number, "path": row.page} for row in rows]
    people = [{"id": row.number, "name": row.name} for row in rows]
    _written({"version": 3, "pages": pages, "comments": comments, "commenters": people}, path)


def cusdis(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"id": row.number, "content": row.text, "by_nickname": row.name, "approved": True,
         "created_at": row.time, "url": row.page}
        for row in rows
    ]  # fmt: skip
    _written(comments, path)


def waline(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"objectId": row.number, "comment": row.text, "nick": row.name, "status": "approved",
         "insertedAt": row.time, "url": row.page}
        for row in rows
    ]  # fmt: skip
    _written({"type": "waline", "version": 1, "data": {"Comment": comments}}, path)


def artalk(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"id": row.number, "rid": "0", "content": row.text, "nick": row.name,
         "created_at": row.time, "page_key": row.page}
        for row in rows
    ]  # fmt: skip
    _written(comments, path)


def discussions(rows: Sequence[Row], path: Path) -> None:
    nodes = [
        {"title": str(row.page), "comments": {"nodes": [
            {"id": row.number, "body": row.text, "author": {"login": row.name},
             "createdAt": row.time}
        ]}}
        for row in rows
    ]  # fmt: skip
    _written({"data": {"repository": {"discussions": {"nodes": nodes}}}}, path)


def hyvor(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"id": row.number, "page_identifier": row.page, "body_html": row.text,
         "user": {"name": row.name}, "created_at": row.time, "status": "published"}
        for row in rows
    ]  # fmt: skip
    _written({"comments": comments}, path)


def fastcomments(rows: Sequence[Row], path: Path) -> None:
    comments = [
        {"_id": row.number, "urlId": row.page, "commentHTML": row.text, "date": row.time,
         "commenterName": row.name, "approved": True}
        for row in rows
    ]  # fmt: skip
    _written(comments, path)


def table(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["id", "url", "date", "author", "text"])
        lines.writerows([row.number, row.page, row.time, row.name, row.text] for row in rows)


BUILDERS: Mapping[str, Build] = {
    "native": native,
    "remark42": remark42,
    "commento": commento,
    "isso": isso,
    "isso_database": isso_database,
    "disqus": disqus,
    "wordpress": wordpress,
    "coral": coral,
    "comentario": comentario,
    "cusdis": cusdis,
    "waline": waline,
    "artalk": artalk,
    "discussions": discussions,
    "hyvor": hyvor,
    "fastcomments": fastcomments,
    "csv": table,
}


def format_of(builder: str) -> str:
    """Return the name of the format that a builder writes."""
    return builder.removesuffix("_database")
