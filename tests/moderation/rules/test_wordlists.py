"""Words, wildcards and patterns, as house rules list them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules import wordlist_patterns, wordlists

# Many places of a text may be inside of it at once, each at another count.
SLOW = "/(a|b|[cd])*[a-c]{1,}(x|[a-h ]){30,60}q%dz/"


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
        # Digits around it, and in place of letters.
        ("casino", "casino1"),
        ("casino", "2casino"),
        ("casino", "casin0"),
        ("b2b", "b2b"),
        # Typography.
        ("don't", "don’t"),
        ("don’t", "don't"),
        ("e-mail", "e‑mail"),
        ("casino", "ca\u00adsi\u200bno"),
        ("ｃａｓｉｎｏ", "casino"),
        ("foo_bar", "foo_bar"),
        ("casino", "_casino_"),
        # Scripts without spaces between words, and Korean particles.
        ("操你媽", "我操你媽的"),
        ("バカ", "お前はバカだ"),
        ("ควาย", "ไอ้ควายเอ๊ย"),
        ("바보", "너는 바보야"),
        # Other alphabets.
        ("дурак", "ты дypaк"),
        ("casino", "саsinо"),
        ("kız", "KIZ"),
        ("istanbul", "İSTANBUL"),
        ("حمار", "حِمَـــار"),
        ("أحمق", "احمق"),
        ("كلب", "هذا الكلب"),
        ("كلب", "وبالكلب"),
        ("کلب", "كلب"),
        ("زونه", "زونة"),
        ("כלבה", "הכלבה הזאת"),
        ("дурёха", "ДУРЕХА"),
        ("μαλάκας", "ΜΑΛΑΚΑΣ"),
        ("बेवकूफ", "बेवक़ूफ़"),
        # An apostrophe has many looks, and one of them is an accent.
        *(("don't", f"don{mark}t") for mark in "’‘ʼ´′՚ꞌ`"),
        # What is put between letters that stand close together, and between the words of a phrase.
        ("傻逼", "傻*逼"),
        ("操你媽", "操-你.媽"),
        ("개새끼", "개1새2끼들"),
        ("fuck you", "#fuck_you"),
        ("fuck you", "fuck-you!"),
        ("❤️", "I ❤ it"),
        ("❤", "I ❤️ it"),
        ("f***", "f∗∗∗"),
        # Asterisks that are meant.
        ("f***", "what the f*** is this"),
        ("b**tch", "you b**tch"),
        (r"a\*b", "a*b"),
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
        ("f***", "for fun"),
        ("b**tch", "you beautiful botch"),
        (r"a\*b", "axb"),
        ("バカ", "バカンスは楽しい"),
        ("바보", "산바보다"),
        ("сор", "cop"),
        ("كل", "الكلب"),
        ("של", "השל"),
        ("死ね", "死。ね"),
        ("第回", "第2019年回"),
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
        ("f*", "ordinary comments"),
        ("/[aeiou]/", "ordinary comments"),
        ("*e*", "ordinary comments"),
        (".", "ordinary comments"),
        ("the", "ordinary comments"),
        ("*и*", "ordinary comments"),
        ("/[а-я]/", "ordinary comments"),
        ("的", "ordinary comments"),
        ("の", "ordinary comments"),
        ("*ا*", "ordinary comments"),
        (r"/\p{Hangul}/", "ordinary comments"),
        ("\u200b", "nothing that is seen"),
        ("ـ", "nothing that is seen"),
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


def test_patterns_that_are_too_large_together_are_refused_with_the_largest_named() -> None:
    lines = [*(f"/x{n}/" for n in range(300)), *(SLOW % n for n in range(100))]
    with pytest.raises(wordlists.InvalidWord, match="too large") as refused:
        wordlists.check(lines)
    assert SLOW % 10 in str(refused.value)
    assert "/x1/" not in str(refused.value)


def test_patterns_that_are_too_slow_together_are_refused_with_the_slowest_named() -> None:
    slow = [SLOW % n for n in range(30)]
    with pytest.raises(wordlists.InvalidWord, match="too slow") as refused:
        wordlists.check(["/casino/", *slow, "v*gra"])
    assert any(line in str(refused.value) for line in slow)
    assert "casino" not in str(refused.value)


def test_lists_that_are_fast_one_by_one_are_refused_when_they_are_slow_together() -> None:
    lists = [[SLOW % (10 * half + n) for n in range(3)] for half in range(10)]
    for words in lists:
        wordlists.check(words)
    with pytest.raises(wordlists.TooCostly, match="too slow together") as refused:
        wordlists.check_together(lists)
    assert any(line in str(refused.value) for words in lists for line in words)


def test_lists_that_are_small_one_by_one_are_refused_when_they_are_large_together() -> None:
    words = [f"{n}*{'x' * 20}*y" for n in range(400)]
    wordlists.check(words)
    with pytest.raises(wordlists.TooCostly, match="too large together"):
        wordlists.check_together([words, words])


def test_words_with_an_asterisk_inside_count_as_the_patterns_that_they_are() -> None:
    with pytest.raises(wordlists.InvalidWord, match="too large"):
        wordlists.check([f"{n}*{'x' * 50}*y" for n in range(2000)])


def test_many_plain_patterns_are_no_slow_ones() -> None:
    wordlists.check([rf"/\b(casino|poker){n}\b/" for n in range(500)])


def test_a_list_of_long_lines_is_refused() -> None:
    with pytest.raises(wordlists.InvalidWord, match="200000 characters at most"):
        wordlists.check([f"{n:05}{'x' * 190}" for n in range(2000)])


def test_compiled_lists_take_bounded_memory_whatever_is_tried() -> None:
    for n in range(30):
        wordlists.find((f"/x{n}/", f"a{n}*b"), ["text"])
    assert wordlists._cache.used <= wordlists.CACHE_MEMORY
    kept = len(wordlists._cache._matchers)
    assert 1 < kept * 2 * wordlist_patterns.SET_MEMORY <= wordlists.CACHE_MEMORY


PIECES = st.sampled_from(["buy", "now", "spam", "a", "aa", "!", "*"])


@given(st.lists(st.lists(PIECES, min_size=1, max_size=4), max_size=6), st.lists(PIECES))
def test_one_pass_finds_what_each_line_finds_alone(
    lines: list[list[str]], pieces: list[str]
) -> None:
    text = " ".join(pieces)
    words = [" ".join(line) for line in lines] + ["".join(line) for line in lines]
    alone = {word for word in words if is_found(word, text)}
    assert set(wordlists.find(tuple(words), [text])) == alone


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=200))
def test_nothing_that_is_listed_or_written_breaks_it(words: list[str], text: str) -> None:
    assert set(wordlists.find(tuple(words), [text])) <= set(words)


@given(st.text("abcdefgh", min_size=1), st.text("xyz .,!", max_size=20))
def test_a_word_is_found_whatever_stands_around_it(word: str, around: str) -> None:
    assert is_found(word, f"{around} {word}, {around}")
