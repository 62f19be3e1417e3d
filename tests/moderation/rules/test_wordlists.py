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
        ("***", "anything * at all"),
        ("/x", "x"),
        ("x/", "x"),
        ("//", "anything"),
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


def test_the_reason_why_a_pattern_can_not_be_used_is_plain_text() -> None:
    with pytest.raises(wordlists.InvalidWord, match=r"can't be used: missing \): \(\.$"):
        wordlists.check(["/(/"])


@pytest.mark.parametrize("word", ["x" * 200, "/x/", "/", "//", "/x", "x/"])
def test_any_other_line_can_be_used(word: str) -> None:
    wordlists.check([word])


def test_a_line_that_can_not_be_used_keeps_no_other_from_being_found() -> None:
    assert wordlists.find(("/(/", "casino"), ["The casino."]) == ["casino"]


def test_a_list_may_have_ten_thousand_lines_and_no_more() -> None:
    lines = [f"word{n}" for n in range(10_000)]
    wordlists.check(lines)
    with pytest.raises(wordlists.InvalidWord, match=r"10000 lines at most, and these are 10001"):
        wordlists.check([*lines, "one more"])


def test_a_list_may_have_five_hundred_patterns_and_no_more() -> None:
    lines = [f"/x{n}/" for n in range(500)]
    wordlists.check([*lines, "a word"])
    with pytest.raises(wordlists.InvalidWord, match=r"500 patterns at most, and these are 501"):
        wordlists.check([*lines, "/one more/"])


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=200))
def test_nothing_that_is_listed_or_written_breaks_it(words: list[str], text: str) -> None:
    assert set(wordlists.find(tuple(words), [text])) <= set(words)


@given(st.text("abcdefgh", min_size=1), st.text("xyz .,!", max_size=20))
def test_a_word_is_found_whatever_stands_around_it(word: str, around: str) -> None:
    assert is_found(word, f"{around} {word}, {around}")
