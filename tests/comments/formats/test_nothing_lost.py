"""What comes in, what is left out and what can't be read add up to what the file holds."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.formats import formats
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportProblem, ImportSkipped
from comments.models import Comment
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.conftest import Load, comment
from tests.comments.formats.hostile import BUILDERS, ROWS, Row, format_of

BASE = ("--base-url", "https://gazette.example")
COUNTED = (ImportedComment, ImportSkipped, ImportProblem)
# Texts that take long are in test_hostile_rows.
SHORT = [values for values in ROWS.values() if len(str(values.get("text", ""))) < 1000]
wild = st.sampled_from(SHORT) | st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(max_size=50),
        "name": st.text(max_size=150),
        "page": st.text(max_size=50) | st.sampled_from(["", "x" * 2001]),
        "time": st.sampled_from(["0001-01-01T00:00:00", "9999-12-31T23:59:59", "2020-01-01 10:00"]),
    },
)


@pytest.mark.parametrize("name", BUILDERS)
@given(changes=st.lists(wild, min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_each_comment_of_a_file_is_counted_once(
    name: str, changes: list[Mapping[str, Any]]
) -> None:
    rows = [Row(number, **values) for number, values in enumerate(changes, 1)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        BUILDERS[name](rows, path)
        items = formats.IMPORT_FORMATS[format_of(name)].read(ImportFile(path))
        assert sum(isinstance(item, COUNTED) for item in items) == len(rows)


def adds_up(result: Mapping[str, Any]) -> bool:
    parts = result["created"] + sum(result["skipped_because"].values()) + result["problem_count"]
    return bool(parts == result["in_file"])


@pytest.mark.django_db
def test_the_report_adds_up_in_the_first_import_and_in_the_next(load: Load) -> None:
    text = wordpress.export(
        wordpress.written("5", "Hello"),
        wordpress.written("5", "Another one with its id"),
        wordpress.written("5", "Hello"),
        wordpress.written("6", "A reply", comment_parent="404"),
        wordpress.written("7", "Ping", comment_type="pingback"),
        wordpress.written("8", "No time", comment_date="", comment_date_gmt=""),
    )
    first, second = load(text), load(text)
    assert (first["in_file"], second["in_file"]) == (6, 6)
    assert adds_up(first)
    assert adds_up(second)
    assert (first["created"], second["created"], Comment.objects.count()) == (3, 0, 3)
    assert second["skipped_because"]["already here"] == 3


@pytest.mark.django_db
def test_ids_of_generic_json_count_within_their_threads(load: Load) -> None:
    def page(name: str) -> dict[str, Any]:
        top = {"id": 0, "created": "2020-01-01 10:00:00", "text": f"Top of {name}"}
        reply = {**top, "id": 1, "parent": 0, "text": f"Reply on {name}"}
        return {"id": f"/{name}", "title": name, "comments": [top, reply]}

    text = json.dumps([page("a"), page("b")])
    assert load(text, *BASE)["created"] == 4
    for name in "ab":
        assert comment(f"Reply on {name}").parent == comment(f"Top of {name}")
    assert load(text, *BASE)["created"] == 0


@pytest.mark.django_db
def test_a_parent_0_is_none_where_no_comment_has_that_id(load: Load) -> None:
    row = {"id": 1, "parent": 0, "created": "2020-01-01 10:00:00", "text": "Top"}
    result = load(json.dumps([{"id": "/a", "title": "a", "comments": [row]}]), *BASE)
    assert (result["created"], result["problems"]) == (1, [])


@pytest.mark.django_db
def test_comments_of_a_thread_without_address_are_problems_each(load: Load) -> None:
    row = {"id": 1, "created": "2020-01-01 10:00:00", "text": "Lost"}
    result = load(json.dumps([{"id": "", "title": "a", "comments": [row, {**row, "id": 2}]}]))
    assert (result["in_file"], result["problem_count"]) == (2, 2)


@pytest.mark.django_db
def test_root_is_no_parent(load: Load) -> None:
    result = load(json_formats.backup(json_formats.remark("a", "Top", pid="root")))
    assert (result["created"], result["problems"]) == (1, [])


@pytest.mark.django_db
def test_a_missing_parent_is_named_and_what_answers_keeps_its_shape(load: Load) -> None:
    result = load(
        disqus.export(
            disqus.post("2", "Second", parent="1"),
            disqus.post("3", "Third", parent="2"),
            disqus.post("4", "Fourth", parent="3"),
        )
    )
    assert result["problems"] == ["comment 2: its parent 1 did not come in: it stands at the top"]
    assert (result["problem_count"], result["note_count"]) == (0, 1)
    assert comment("Third").parent == comment("Second")
    assert comment("Fourth").parent == comment("Third")


@pytest.mark.django_db
@pytest.mark.parametrize("length", [2000, 2001])
def test_a_page_address_that_is_too_long_is_named_and_the_rest_comes(
    load: Load, length: int
) -> None:
    long = "https://gazette.example/".ljust(length, "x")
    threads = disqus.THREADS + disqus.THREADS.partition('<thread dsq:id="2"')[0].replace(
        'dsq:id="1"', 'dsq:id="3"'
    ).replace("https://gazette.example/elections", long)
    posts = disqus.post("1", "Long", thread="3"), disqus.post("2", "Fine")
    result = load(disqus.export(*posts, threads=threads))
    assert result["created"] == (2 if length == 2000 else 1)
    assert adds_up(result)
    assert ("longer than 2,000" in " ".join(result["problems"])) == (length > 2000)


@pytest.mark.django_db
def test_an_id_that_is_too_long_is_stored_and_answered(load: Load) -> None:
    long = "1" * 500
    first, reply = disqus.post("1", "First"), disqus.post("2", "Reply", parent=long)
    load(disqus.export(first.replace('dsq:id="1"', f'dsq:id="{long}"', 1), reply))
    assert comment("Reply").parent == comment("First")


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_page_of_an_impossible_year_keeps_its_comments(load: Load, year: str) -> None:
    text = wordpress.export(
        wordpress.written("5", "Hello"),
        post=f"<wp:post_date_gmt>{year}-01-01 00:00:00</wp:post_date_gmt>",
    )
    assert load(text)["created"] == 1
