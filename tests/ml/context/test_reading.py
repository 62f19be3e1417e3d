"""The encoder reads the text as a person does, and nothing beside it."""

import pytest

from ml.context.reading import MAX_PIECES, sentence


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("You ARE right", "you are right"),
        ("see https://example.com/a?b=c for it", "see for it"),
        ("@somebody [URL] <user> hello", "hello"),
        ("s t u p i d and st\u200bupid", "stupid and stupid"),
        ("I 🔫 you", "i  pistol  you"),
        ("", ""),
        ("http://example.com", ""),
    ],
)
def test_links_handles_and_disguise_are_not_read(text: str, read: str) -> None:
    assert sentence(text) == read


def test_the_author_is_not_read() -> None:
    record = {"text": "Hello", "author_name": "Idiot", "author_url": "http://spam.example"}
    assert sentence(record) == sentence("Hello")


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert len(sentence("word " * 5000).split()) < 500
    assert MAX_PIECES < 500
