"""Comments of a file with one id: told apart, and none lost silently."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comments.formats.items import (
    ImportedComment,
    ImportNote,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.formats.repeats import Repeats
from comments.status import Status


def comment(name: str, body: str = "Hello", **changes: Any) -> ImportedComment:
    fields = {"page": "a", "created_at": datetime(2020, 1, 1, tzinfo=UTC), **changes}
    return ImportedComment(source_id=name, body=body, status=Status.APPROVED, **fields)


def apart(*items: Item, fixed: bool = False) -> list[Item]:
    return list(Repeats(ids_are_fixed=fixed).apart(iter(items)))


def test_two_comments_with_one_id_both_come_in_and_the_second_is_named() -> None:
    first, note, second = apart(comment("5"), comment("5", "Other"))
    assert isinstance(note, ImportNote)
    assert isinstance(first, ImportedComment)
    assert isinstance(second, ImportedComment)
    assert (first.source_id, second.body) == ("5", "Other")
    assert second.source_id.startswith("5 ")


def test_the_second_one_has_the_same_id_in_each_import() -> None:
    once, again = (apart(comment("5"), comment("5", "Other"))[-1] for _ in range(2))
    assert once == again


def test_a_comment_that_stands_twice_is_left_out_once() -> None:
    assert apart(comment("5"), comment("5"))[1:] == [
        ImportSkipped("comment 5", "twice in the file")
    ]


def test_replies_answer_the_comment_of_their_own_page() -> None:
    other = comment("5", page="b")
    *_, second, reply = apart(comment("5"), other, comment("6", parent="5", page="b"))
    assert isinstance(second, ImportedComment)
    assert isinstance(reply, ImportedComment)
    assert reply.parent == second.source_id


def test_where_ids_are_fixed_the_second_comment_is_a_problem() -> None:
    found = apart(comment("5"), comment("5", "Other"), fixed=True)[1:]
    assert found == [ImportProblem("comment 5", "another comment of the file has its id")]


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("ab"))), st.booleans())
def test_as_many_come_out_as_went_in_and_no_id_twice(rows: list[Any], fixed: bool) -> None:
    found = apart(*(comment(name, body) for name, body in rows), fixed=fixed)
    counted = [item for item in found if not isinstance(item, ImportNote)]
    assert len(counted) == len(rows)
    names = [item.source_id for item in counted if isinstance(item, ImportedComment)]
    assert len(names) == len(set(names))
