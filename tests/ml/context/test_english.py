"""The second reader reads English: other languages are told from it, in short sentences too."""

import pytest

from ml.context.artifact import RELEASED
from ml.context.encoder import VOCABULARY_FILE
from ml.context.english import COMMON_WORDS_FILE, English
from ml.context.pieces import Pieces


@pytest.fixture(scope="module")
def english() -> English:
    return English(Pieces(RELEASED / VOCABULARY_FILE), RELEASED / COMMON_WORDS_FILE)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "kys",
        "you are a complete fool",
        "it's sooo goood lol",
        "ur a dumbass",
        "a café in münchen",
        "no man is an island",
        "die",
        "my neighbour says hola to everyone",
    ],
)
def test_english_is_known(english: English, text: str) -> None:
    assert english.is_language_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123 !?",
        "спасибо за статью",
        "谢谢你的文章",
        "좋은 글 감사합니다",
        "ihr seid doch alle völlig verblödet und merkt es nicht einmal",
        "merci beaucoup pour cet article très intéressant et bien écrit",
        "obrigado pelo texto, gostei muito da explicação sobre programação",
    ],
)
def test_other_languages_are_left_to_the_words(english: English, text: str) -> None:
    assert not english.is_language_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "torna qui che ti aspetto",
        "eres un crack",
        "sei un coglione",
        "non sono stupido",
        "tu es un idiot",
        "ta gueule",
        "de nada",
        "que te den",
        "die sind nicht hier",
        "raus hier",
        "me gusta mucho",
        "você é legal",
        "dat is niet waar",
        "det är bra",
        "bu çok güzel",
        "nie wiem",
        "terima kasih banyak",
    ],
)
def test_short_sentences_of_frequent_words_are_not_taken_for_english(
    english: English, text: str
) -> None:
    assert not english.is_language_of(text)
