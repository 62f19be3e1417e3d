"""Why a delivery failed is stored in English, and told in the language of who looks."""

import pytest
from django.utils import translation

from moderation.models import delivery_errors
from moderation.models.delivery_errors import SENTENCES, in_words
from tests.messages import languages

NAMED = [value for name, value in vars(delivery_errors).items() if name.isupper()]


def test_every_sentence_that_may_be_stored_is_known() -> None:
    assert {text for text in NAMED if isinstance(text, str)} == set(SENTENCES)


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_translated(language: str) -> None:
    with translation.override(language):
        assert [text for text in SENTENCES if in_words(text) == text] == []


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("The receiver answered 503 Busy.", "Der Empfänger antwortete 503 Busy."),
        (
            "Its certificate is not trusted: expired.",
            "Sein Zertifikat ist nicht vertrauenswürdig: expired.",
        ),
        ("The host a.example is not known.", "Der Host a.example ist nicht bekannt."),
        (
            "The connection failed: It did not answer in time.",
            "Die Verbindung ist gescheitert: Es kam nicht rechtzeitig eine Antwort.",
        ),
    ],
)
def test_what_a_sentence_speaks_of_stays_in_it(stored: str, told: str) -> None:
    with translation.override("de"):
        assert in_words(stored) == told


@pytest.mark.parametrize("text", ["", "550 No such mailbox", "The receiver answered 503 Busy"])
def test_what_another_server_said_stays_as_it_is(text: str) -> None:
    with translation.override("de"):
        assert in_words(text) == text
