"""The tokens of a record."""

from hypothesis import given
from hypothesis import strategies as st

from ml.tokens import SPECIAL_PREFIX, _tokenize_chunk, pre_tokens, tokenize


def tokens_of(record: object) -> list[str]:
    return [token for pre_token in pre_tokens(record) for token in tokenize(pre_token)]  # type: ignore[arg-type]


@given(st.text("aAbB'.,;:()?!\"", min_size=1, max_size=9))
def test_the_fast_path_for_plain_words_gives_the_same_tokens(pre_token: str) -> None:
    assert tokenize(pre_token) == list(dict.fromkeys(_tokenize_chunk(pre_token)))


def test_a_link_gives_tokens_of_its_host_and_path() -> None:
    tokens = tokens_of("look http://www.cheap-pills.example/buy/now")
    assert f"{SPECIAL_PREFIX}link host cheap-pills" in tokens
    assert f"{SPECIAL_PREFIX}in link pills" in tokens
    assert f"{SPECIAL_PREFIX}links 1" in tokens


def test_an_obfuscated_word_gives_both_spellings() -> None:
    assert {"stupid", "stup1d"} <= set(tokens_of("stup1d"))


def test_a_word_with_accents_is_also_read_without_them() -> None:
    assert {"año", "ano"} <= set(tokens_of("año"))


def test_the_author_gives_tokens_without_the_email_address() -> None:
    record = {
        "text": "hi",
        "author_name": "Cheap Loans",
        "author_url": "http://loans.example/",
        "author_email": "x@mail.example",
    }
    tokens = tokens_of(record)
    assert {
        "cheap",
        "loans",
        f"{SPECIAL_PREFIX}site host loans",
        f"{SPECIAL_PREFIX}mail mail.example",
    } <= set(tokens)
    assert not any("x@" in token for token in tokens)


def test_a_comment_can_not_forge_a_special_token() -> None:
    assert f"{SPECIAL_PREFIX}capitals" not in tokens_of(f"hello {SPECIAL_PREFIX}capitals")


def test_a_malformed_link_raises_nothing() -> None:
    assert tokens_of("http://[::1 http://]") != []
