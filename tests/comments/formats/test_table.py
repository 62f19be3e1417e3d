"""Tables as databases, spreadsheets and other systems write them."""

import json
from pathlib import Path

import pytest

from comments.formats import formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportProblem, ImportSkipped, Item
from comments.formats.options import ImportOptions
from comments.status import Status

HEAD = "id,page,date,text"
ROW = "1,https://gazette.example/a,2020-01-01,Hello"


def read(folder: Path, content: str | bytes, **options: object) -> list[Item]:
    path = folder / "table"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = ImportFile(path, options=ImportOptions(**options))  # type: ignore[arg-type]
    name, found = formats.detect_format(source)
    assert name == "csv"
    return list(found.read(source))


def comments(folder: Path, content: str | bytes, **options: object) -> list[ImportedComment]:
    found = read(folder, content, **options)
    assert not [item for item in found if isinstance(item, ImportProblem)]
    return [item for item in found if isinstance(item, ImportedComment)]


@pytest.mark.parametrize(
    "content",
    [
        f"sep=,\r\n{HEAD}\r\n{ROW}\r\n",
        f"sep=;\n{HEAD};extra\n{ROW};\n".replace(",", ";"),
        f"\n\n{HEAD}\n\n{ROW}\n",
        f"{HEAD}\r{ROW}\r",
        f"{HEAD}\n{ROW},a,b,c\n",
        f'"{HEAD.replace(",", chr(34) + "," + chr(34))}","two\nlines"\n{ROW}',
        f"{HEAD}\n{ROW}\n".encode("utf-16"),
        f"{HEAD}\n{ROW}\n".encode("utf-16-le"),
        f"{HEAD}\n{ROW}\n".encode("utf-16-be"),
        f"\ufeff{HEAD}\n{ROW}\n",
        f"{HEAD}\n{ROW}\n".replace(",", "\t"),
        f"{HEAD}\n{ROW}\n".replace(",", "|"),
    ],
)
def test_a_table_is_read_however_it_begins_and_is_divided(
    tmp_path: Path, content: str | bytes
) -> None:
    assert [comment.body for comment in comments(tmp_path, content)] == ["Hello"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Привет, мир! Как дела сегодня"),
        ("koi8_r", "Привет, мир! Как дела сегодня"),
        ("cp1253", "Καλημέρα κόσμε"),
        ("cp932", "こんにちは世界、今日はいい天気ですね"),
        ("gb18030", "你好世界，今天天气很好"),
        ("cp949", "안녕하세요 반갑습니다"),
        ("cp1252", "Käse „gut“, déjà vu"),
    ],
)
def test_a_table_of_an_old_spreadsheet_is_read_in_its_encoding(
    tmp_path: Path, encoding: str, text: str
) -> None:
    rows = [f'{n},/a,2020-01-01,"{text}"' for n in range(20)]
    content = "\n".join([HEAD, *rows]).encode(encoding)
    assert {comment.body for comment in comments(tmp_path, content)} == {text}


def test_what_an_encoding_was_taken_for_is_said(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(f"{HEAD}\n1,/a,2020-01-01,Привет как дела".encode("cp1251"))
    source = ImportFile(path)
    list(formats.IMPORT_FORMATS["csv"].read(source))
    assert source.damage == {"the file": "it is not in UTF-8, and was read as cp1251"}


def test_marks_behind_a_backslash_are_part_of_a_text(tmp_path: Path) -> None:
    content = (
        f'{HEAD}\n1,/a,2020-01-01,"She said \\"no\\", and left: C:\\\\x"\n2,/a,2020-01-01,Hm\n'
    )
    first, second = comments(tmp_path, content)
    assert (first.body, second.body) == ('She said "no", and left: C:\\x', "Hm")


def test_a_path_at_the_end_of_a_text_is_no_mark(tmp_path: Path) -> None:
    content = f'{HEAD}\n1,/a,2020-01-01,"in C:\\new\\"\n2,/a,2020-01-01,"a ""word"""\n'
    assert [comment.body for comment in comments(tmp_path, content)][1] == 'a "word"'


def test_a_mark_without_end_is_no_text_of_the_rest_of_the_file(tmp_path: Path) -> None:
    content = f'{HEAD}\n{ROW}\n2,/a,2020-01-01,"Hm\n3,/a,2020-01-01,Lost\n'
    with pytest.raises(UnreadableFile, match="at line 3: a quotation mark has no end"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("column", "value", "status"),
    [
        ("is_removed", "True", Status.DELETED),
        ("is_public", "False", Status.HELD),
        ("is_public", "", Status.HELD),
        ("deleted_at", "2020-02-02 10:00:00", Status.DELETED),
        ("Deleted", "t", Status.DELETED),
        ("hidden", "1", Status.REJECTED),
        ("isSpam", "yes", Status.SPAM),
        ("is_private", "on", Status.HELD),
        ("pending", "whatever this means", Status.HELD),
        ("approved", "0", Status.HELD),
        ("comment_approved", "post-trashed", Status.DELETED),
        ("is approved", "N", Status.HELD),
        ("state", "Awaiting moderation", Status.HELD),
        ("state", "NULL", Status.HELD),
        ("state", "unpublished", Status.HELD),
        *((name, "no", Status.APPROVED) for name in ("deleted", "is_spam", "hidden", "private")),
        *((name, "NULL", Status.APPROVED) for name in ("deleted_at", "removed")),
        *((name, "t", Status.APPROVED) for name in ("is_public", "visible", "approved")),
    ],
)
def test_a_column_that_says_who_may_see_a_comment_is_followed(
    tmp_path: Path, column: str, value: str, status: Status
) -> None:
    (comment,) = comments(tmp_path, f"{HEAD},{column}\n{ROW},{value}\n")
    assert comment.status == status


def test_what_hides_a_comment_most_counts(tmp_path: Path) -> None:
    head = f"{HEAD},status,is_public,is_removed"
    (comment,) = comments(tmp_path, f"{head}\n{ROW},approved,True,True\n")
    assert comment.status == Status.DELETED


def test_a_state_that_is_not_known_is_a_problem(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD},status\n{ROW},odd\n")
    assert [item.message for item in found if isinstance(item, ImportProblem)] == [
        "it can't be read: its state “odd” is not known"
    ]


@pytest.mark.parametrize("kind", ["pingback", "order_note", "review"])
def test_a_row_of_wordpress_that_no_reader_wrote_is_left_out(tmp_path: Path, kind: str) -> None:
    content = f"{HEAD},comment_type\n{ROW},{kind}\n{ROW.replace('1', '2', 1)},comment\n"
    found = read(tmp_path, content)
    assert [item.reason for item in found if isinstance(item, ImportSkipped)] == [kind]
    also = len(comments(tmp_path, content, also=("review",)))
    assert also == (2 if kind == "review" else 1)


@pytest.mark.parametrize("parent", ["", "0", "-1", "NULL", "null", "None", "\\N", "root"])
def test_a_parent_that_is_none_is_none(tmp_path: Path, parent: str) -> None:
    (comment,) = comments(tmp_path, f"{HEAD},parent,author\n{ROW},{parent},NULL\n")
    assert (comment.parent, comment.author_name) == ("", "")


def test_columns_that_their_owner_names_make_a_table_of_a_file(tmp_path: Path) -> None:
    columns = (("page", "Seite"), ("created_at", "Wann"), ("body", "Was"))
    (comment,) = comments(tmp_path, "Seite,Wann,Was\n/a,2020-01-01,Hallo\n", columns=columns)
    assert comment.body == "Hallo"


def test_lines_that_are_no_table_are_of_no_known_format(tmp_path: Path) -> None:
    for content in (" ", "one\rtwo", "\n" * 30, 'a "b\nc', json.dumps({"a": 1})):
        with pytest.raises(UnreadableFile, match=r"no file of any known format|is empty"):
            read(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jean\u00a0Luc", "Jean Luc"),
        ("👩‍👧", "👩‍👧"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("a\u202eb", "ab"),
        ("two\tparts", "two parts"),
    ],
)
def test_a_name_is_what_was_seen(tmp_path: Path, name: str, shown: str) -> None:
    (comment,) = comments(tmp_path, f'{HEAD},author\n{ROW},"{name}"\n')
    assert comment.author_name == shown
