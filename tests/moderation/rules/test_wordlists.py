"""Words, wildcards and patterns, as house rules list them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules import wordlists


def is_found(word: str, text: str) -> bool:
    return wordlists.find((word,), [text]) == [word]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("casino", "The CASINO is open."),
        ("casino*", "casinos"),
        ("*kini*", "bikinis"),
        ("v*gra", "viiiagra"),
        ("buy now!", "please Buy   NOW!"),
        ("pills.example", "see https://pills.example/x"),
        ("c++", "in C++ it is"),
        ("🖕", "and 🖕!"),
        ("дурак", "Ты Дурак."),
        ("*笨蛋*", "你是笨蛋吧"),
        (r"/\bcas[i1]no(s|\b)/", "two CAS1NOs"),
        ("/^first/", "First!"),
    ],
)
def test_a_word_is_found_where_it_stands(word: str, text: str) -> None:
    assert is_found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ass", "a class"),
        ("casino", "casinos"),
        ("buy now", "buy it now"),
        ("c++", "c + d"),
        ("a*", "the letter b"),
        ("/^first/", "not first"),
    ],
)
def test_a_word_is_not_found_inside_of_another(word: str, text: str) -> None:
    assert not is_found(word, text)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("/(/", "missing )"),
        ("/(?=x)/", "invalid"),
        ("/x*/", "every comment"),
        (r"/(\pL{50}){20}/", "too large"),
        ("***", "every comment"),
        ("x" * 201, "longer than"),
    ],
)
def test_a_line_that_can_not_be_used_is_refused_by_name(word: str, told: str) -> None:
    with pytest.raises(wordlists.InvalidWord, match=r".") as refused:
        wordlists.check(["fine", word])
    assert told in str(refused.value)
    assert word[:20] in str(refused.value)


def test_lists_have_a_size() -> None:
    with pytest.raises(wordlists.InvalidWord):
        wordlists.check([f"word{n}" for n in range(wordlists.MOST_WORDS + 1)])
    with pytest.raises(wordlists.InvalidWord):
        wordlists.check([f"/x{n}/" for n in range(wordlists.MOST_PATTERNS + 1)])


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=200))
def test_nothing_that_is_listed_or_written_breaks_it(words: list[str], text: str) -> None:
    assert set(wordlists.find(tuple(words), [text])) <= set(words)


@given(st.text("abcdefgh", min_size=1), st.text("xyz .,!", max_size=20))
def test_a_word_is_found_whatever_stands_around_it(word: str, around: str) -> None:
    assert is_found(word, f"{around} {word}, {around}")
