"""Search: by the index for rare words, in the order of the list for common ones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment
from comments.threads import search
from tests.factories import CommentFactory

pytestmark = pytest.mark.django_db

TEXT = "All of these crooked politicians meet in one café, at the 2nd table."


def statement(query: str) -> str:
    """Return the SQL by which comments are found, without that which asks how common it is."""
    with CaptureQueriesContext(connection) as queries:
        list(Comment.objects.filter(search.matching(query)).order_by("-id")[:20])
    return queries[-1]["sql"]


def test_a_common_word_is_looked_for_in_the_texts_of_a_page_and_not_in_those_of_all() -> None:
    for _ in range(search.COMMON):
        CommentFactory(body=TEXT)
    assert "comment_words" not in statement("crook")
    assert "CASE" in statement("crook") or search.HAS_WORDS in statement("crook")


def test_a_rare_word_is_looked_up_in_the_index() -> None:
    for _ in range(search.COMMON - 1):
        CommentFactory(body=TEXT)
    assert search.HAS_WORDS not in statement("crook")
    assert "CASE" not in statement("crook")


def test_how_common_a_word_is_is_told_by_the_newest_comments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "SAMPLE", search.COMMON)
    for body in (*[TEXT] * search.COMMON, "Something else."):
        CommentFactory(body=body)
    assert search.HAS_WORDS not in statement("crook")
    assert "CASE" not in statement("crook")


QUERIES = ("crooked", "CROOKED politicians", "meet one", "poli", "rook", "Ann crook", "2nd", "café")


@pytest.mark.parametrize("query", [*QUERIES, "crooked nobody", "table in", "_", "the_2nd"])
def test_both_ways_find_the_same(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    CommentFactory(body=TEXT, author_name="Ann")
    found = []
    for least in (0, 2):
        monkeypatch.setattr(search, "COMMON", least)
        found.append(Comment.objects.filter(search.matching(query)).count())
    assert found[0] == found[1]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_text_can_be_looked_through(name: str, body: str, query: str) -> None:
    assert search.has_words(name, body, query) in (True, False)
