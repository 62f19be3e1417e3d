"""A row that was made to do harm is a problem of its own: the rows around it come in."""

from pathlib import Path

import pytest

from comments.formats import formats, markup
from comments.formats.files import ImportFile
from comments.formats.items import MAX_BODY, ImportedComment, ImportProblem
from comments.models import Comment
from tests.comments.formats.conftest import Load
from tests.comments.formats.hostile import BUILDERS, ROWS, Row, format_of

each_format = pytest.mark.parametrize("name", BUILDERS)


@pytest.mark.parametrize("kind", [kind for kind in ROWS if kind != "links without end"])
@each_format
def test_the_rows_around_it_are_read(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "export"
    BUILDERS[name]([Row(1), Row(2)._replace(**ROWS[kind]), Row(3)], path)
    reader = formats.IMPORT_FORMATS[format_of(name)]
    items = list(reader.read(ImportFile(path)))
    comments = [item for item in items if isinstance(item, ImportedComment)]
    assert [item.body for item in comments if item.body == "fine"][:2] == ["fine", "fine"]
    assert len(comments) + sum(isinstance(item, ImportProblem) for item in items) >= 3
    assert max(len(item.body) for item in comments) <= MAX_BODY


@pytest.mark.django_db
@each_format
def test_a_file_of_such_rows_comes_in_with_a_line_for_each_problem(
    load: Load, name: str, tmp_path: Path
) -> None:
    hostile = [Row(n, **values) for n, values in enumerate(ROWS.values(), 100)]
    rows = [row for bad in hostile for row in (Row(bad.number - 100 + 1), bad)]
    BUILDERS[name](rows, tmp_path / "hostile")
    result = load(tmp_path / "hostile")
    fine = Comment.objects.filter(body="fine").count()
    assert fine >= len(ROWS)
    assert result["created"] + result["problem_count"] >= len(rows)
    assert 0 < result["problem_count"] < 2 * len(ROWS)
    assert all(len(line) < 600 and "\n" not in line for line in result["problems"])


@pytest.mark.parametrize("html", [values["text"] for values in ROWS.values() if "text" in values])
def test_markup_beyond_measure_keeps_its_words(html: object) -> None:
    text = markup.from_html(str(html).replace("deep", "the words"))
    assert ("the words" in text) == ("deep" in str(html))
