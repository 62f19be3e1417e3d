"""The tokens of a record."""

import pytest

from ml.tokens import (
    CONTEXT_PREFIX,
    SPECIAL_PREFIX,
    author_specials,
    pre_tokens,
    tokenize,
)


def tokens_of(record: object) -> list[str]:
    read = [*pre_tokens(record), *author_specials(record)]  # type: ignore[arg-type]
    return [token for pre_token in read for token in tokenize(pre_token)]


def test_a_link_gives_tokens_of_its_host_and_path() -> None:
    tokens = tokens_of("look http://www.cheap-pills.example/buy/now")
    assert f"{CONTEXT_PREFIX}link host cheap-pills" in tokens
    assert f"{CONTEXT_PREFIX}in link pills" in tokens
    assert f"{CONTEXT_PREFIX}links 1" in tokens


@pytest.mark.parametrize(
    "disguised",
    [
        "www.shop.example.com",
        "shop.com",
        "shop(dot)com",
        "shop (dot) com",
        "shop [dot] com",
        "shop dot com",
        "w w w.shop.com",
        "www . shop . com",
        "shop.com\\offer",
        "http:\\\\shop.com",
    ],
)
def test_a_link_without_a_scheme_or_in_disguise_is_a_link(disguised: str) -> None:
    tokens = tokens_of(f"hello {disguised}")
    assert f"{CONTEXT_PREFIX}links 1" in tokens
    assert f"{CONTEXT_PREFIX}link host {'example' if 'example' in disguised else 'shop'}" in tokens


@pytest.mark.parametrize(
    "text", ["it works.In fact", "README.md", "e.g. this", "me@mail.example.com", "foo.bar(1)"]
)
def test_what_is_no_link_is_none(text: str) -> None:
    assert not any(token.startswith(CONTEXT_PREFIX) for token in tokens_of(text))


@pytest.mark.parametrize(
    ("bare", "marked"),
    [
        ("see http://x.example now", 'see <a href="http://x.example">now</a>'),
        ("see http://x.example now", "see [url=http://x.example] now[/url]"),
        ("what now", "@name what now"),
        ("what now", "<user> what [URL] now"),
        ("what now", "USER what now URL"),
        ("what now", "what <b>now</b>"),
    ],
)
def test_markup_handles_and_placeholders_say_nothing(bare: str, marked: str) -> None:
    assert set(tokens_of(bare)) - {f"{CONTEXT_PREFIX}beside few"} == set(tokens_of(marked)) - {
        f"{CONTEXT_PREFIX}beside few"
    }


def test_an_insult_cannot_hide_in_brackets() -> None:
    assert "stupid" in tokens_of("<stupid>")
    assert "stupid" in tokens_of("[stupid]")
    assert "stupid" in tokens_of('<a title="stupid">')


def test_an_emoji_is_also_read_as_the_words_of_its_name() -> None:
    assert {f"{SPECIAL_PREFIX}🔫", "pistol"} <= set(tokens_of("🔫"))


def test_how_long_a_number_is_says_nothing() -> None:
    assert tokens_of("0.8632228623033962") == tokens_of("0.863")


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
        f"{CONTEXT_PREFIX}site host loans",
        f"{CONTEXT_PREFIX}mail mail.example",
    } <= set(tokens)
    assert not any("x@" in token for token in tokens)


def test_a_comment_can_not_forge_a_special_token() -> None:
    assert f"{SPECIAL_PREFIX}capitals" not in tokens_of(f"hello {SPECIAL_PREFIX}capitals")


def test_a_malformed_link_raises_nothing() -> None:
    assert tokens_of("http://[::1 http://]") != []
