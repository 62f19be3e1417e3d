"""Import what GitHub's API returns for giscus (discussions) and utterances (issues)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, rows, text, times
from comments.formats.files import ImportFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportSkipped,
    Item,
)
from comments.formats.json_values import values
from comments.formats.records import Entry
from comments.status import Status

# What answers of the API list, and what they have as one; `--slurp` makes an array of answers.
LISTS = re.compile(rb'"(discussions|issues)"\s{0,9}:\s{0,9}\{')
ONE = "data.repository.discussion"
SPACE = re.compile(r"\s")
NO_PAGE = ImportSkipped("", "on what names no page")
# Both write the page's address into the first post, in a line of its own.
ADDRESS = re.compile(r"^[^\w\[<\n]*+(?:\[[^\]\n]*+\]\()?<?(https?://[^\s<>()\]]++)", re.MULTILINE)
ISSUE = re.compile(r"/issues/(\d+)$")
PULL_REQUEST = ImportSkipped("", "on a pull request")


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of such an answer."""
    is_giscus = b'"nodes"' in head and (b'"discussion"' in head or bool(LISTS.search(head)))
    return is_giscus or (b'"issue_url"' in head or b'"comments_url"' in head)


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    if b'"issue_url"' in source.head() or b'"comments_url"' in source.head():
        yield from _issues(source)
        return
    notes: list[ImportNote] = []
    found = records.located(_discussion_comments(source, notes), "id")
    yield from records.items(found, lambda row: _discussion_entry(row, source))
    yield from notes


def _page(
    row: Mapping[str, Any], source: ImportFile, *, created: str
) -> ImportedThread | ImportSkipped:
    """Return a page, or that it is none: a repository has issues and discussions of its own."""
    title = records.string(row, "title")
    found = ADDRESS.search(records.string(row, "body"))
    if not found and SPACE.search(title):
        return NO_PAGE
    # Without an address the title is the page's path.
    url = found[1] if found else source.absolute_url("/" + title.removeprefix("/"))
    created_at = times.optional_moment(row.get(created))
    return ImportedThread(
        key=url,
        url=text.http_url(url),
        title=text.plain_text(title),
        created_at=created_at,
        closed_at=created_at or text.EPOCH if row.get("locked") else None,
    )


# giscus


def _discussions(source: ImportFile) -> Iterator[Any]:
    """Yield the discussions, or issues, of the answers of GitHub's GraphQL API."""
    head = source.head()
    found = LISTS.search(head)
    path = f"data.repository.{found[1].decode()}.nodes.item" if found else ONE
    within = "item." if head.lstrip().startswith(b"[") else ""
    with source.open() as stream:
        yield from values(stream, within + path, many_documents=True)


def _discussion_comments(source: ImportFile, notes: list[ImportNote]) -> Iterator[dict[str, Any]]:
    """Yield comments and replies, each with its discussion and its parent; note what is missing."""
    for discussion in _discussions(source):
        notes += _missing(discussion, "comments")
        for comment in _nodes(discussion, "comments"):
            notes += _missing(comment, "replies")
            yield {**comment, "discussion": discussion, "parent": ""}
            for reply in _nodes(comment, "replies"):
                yield {**reply, "discussion": discussion, "parent": comment.get("id")}


def _missing(row: Any, name: str) -> list[ImportNote]:
    """Return a note where the API has more comments than an answer of it."""
    found = records.child(row, name) if isinstance(row, dict) else {}
    nodes, total = found.get("nodes"), found.get("totalCount")
    goes_on = records.child(found, "pageInfo").get("hasNextPage") is True
    if isinstance(total, int) and isinstance(nodes, list):
        goes_on = goes_on or total > len(nodes)
    where = records.string(row, "title", "id") if goes_on else ""
    message = f"the file has the first of its {name} alone: fetch the others, too"
    return [ImportNote(where, message)] if goes_on else []


def _nodes(row: Any, name: str) -> list[dict[str, Any]]:
    nodes = records.child(row, name).get("nodes") if isinstance(row, dict) else None
    # What is no object is counted as a comment that can't be read.
    found = nodes if isinstance(nodes, list) else []
    return [node if isinstance(node, dict) else {} for node in found]


def _discussion_entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    page = _page(row["discussion"], source, created="createdAt")
    if isinstance(page, ImportSkipped):
        return page
    status = _status(row)
    return page, _comment(
        row, page, parent=str(row["parent"] or ""), status=status, created="createdAt"
    )


def _status(row: Mapping[str, Any]) -> Status:
    if row.get("deletedAt"):
        return Status.DELETED
    folded = records.child(row, "minimized")
    if row.get("isMinimized") or folded:
        # Readers did not see it unless they opened it.
        reason = records.string(row, "minimizedReason") or records.string(folded, "reason")
        is_spam = reason.lower() == "spam"
        return Status.SPAM if is_spam else Status.HELD
    return Status.APPROVED


def _comment(
    row: Mapping[str, Any], page: ImportedThread, *, parent: str, status: Status, created: str
) -> ImportedComment:
    deleted = status is Status.DELETED
    html = records.string(row, "bodyHTML", "body_html")
    body = "" if deleted else markup.from_markdown(
        records.string(row, "body"), html=html, allows_html=True
    )  # fmt: skip
    if not body and not deleted:
        raise ValueError("it has no text")
    author = records.child(row, "author") or records.child(row, "user")
    return ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent=parent,
        created_at=times.moment(row[created]),
        edited_at=times.optional_moment(row.get("lastEditedAt")),
        body=body,
        status=status,
        author_name="" if deleted else text.plain_text(records.string(author, "name", "login")),
        author_url="" if deleted else text.http_url(records.string(author, "html_url", "url")),
    )


# utterances


def _issues(source: ImportFile) -> Iterator[Item]:
    pages: dict[str, ImportedThread | ImportSkipped] = {}
    for row in records.documents(source):
        if _is_comment(row):
            continue
        found = rows.guarded_page("an issue", _page, row, source, created="created_at")
        if isinstance(found, ImportNote):
            yield found
        else:
            pages[str(row.get("number"))] = PULL_REQUEST if row.get("pull_request") else found
    comments = (row for row in records.documents(source) if _is_comment(row))
    located = records.located(comments, "id")
    yield from records.items(located, lambda row: _issue_entry(row, pages))


def _is_comment(row: Any) -> bool:
    return not isinstance(row, dict) or "issue_url" in row


def _issue_entry(
    row: Mapping[str, Any], pages: Mapping[str, ImportedThread | ImportSkipped]
) -> Entry:
    number = ISSUE.search(str(row["issue_url"]))
    page = pages.get(number[1]) if number else None
    if page is None:
        raise ValueError("its issue is not in the file")
    if isinstance(page, ImportSkipped):
        return ImportSkipped(f"comment {row.get('id')}", page.reason)
    return page, _comment(row, page, parent="", status=_status(row), created="created_at")
