"""The language of a comment, as far as it is clear."""

import pytest

from comments.text import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thank you, this helped me to repair the roof.", "en"),
        ("Das ist doch Quatsch, was hier steht.", "de"),
        ("هذا مقال رائع شكرا لكم", "ar"),
        ("Vad är det här för dumheter?", "sv"),
        ("你好,谢谢你的文章", "zh"),
    ],
)
def test_the_language_of_a_sentence_is_detected(text: str, code: str) -> None:
    assert language.detect(text) == code


@pytest.mark.parametrize("text", ["", "ok", "Nice!", "😀😀😀", "12345", "\x00"])
def test_a_text_too_short_has_no_language(text: str) -> None:
    assert language.detect(text) == ""


def test_a_language_has_an_english_name() -> None:
    assert language.english_name("de") == "German"
    assert language.english_name("zh") == "Chinese"
    assert language.english_name("xx") == "xx"
