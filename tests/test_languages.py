"""Every language says all that English says."""

import re

import pytest
from django.conf import settings

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


@pytest.fixture(scope="module")
def strings():
    return {(m.context, m.id): m for m in messages.found() if m.id}


def test_there_are_the_languages_that_we_promise() -> None:
    assert {code for code, _ in settings.LANGUAGES} >= {"en", "de", "fr", "es", "ar", "ja"}


@pytest.mark.parametrize("language", messages.languages())
def test_nothing_is_left_untranslated(language: str, strings) -> None:
    catalog = messages.read(language)
    translated = {(m.context, m.id) for m in catalog if m.id and _is_whole(m, catalog.num_plurals)}
    assert not set(strings) - translated


@pytest.mark.parametrize("language", messages.languages())
def test_nothing_is_translated_that_nobody_says(language: str, strings) -> None:
    assert {(m.context, m.id) for m in messages.read(language) if m.id} <= set(strings)


@pytest.mark.parametrize("language", messages.languages())
def test_a_translation_fills_in_what_the_original_does(language: str) -> None:
    for message in messages.read(language):
        if message.id and isinstance(message.id, str):
            assert _filled_in(message.string) == _filled_in(message.id), message.id
        elif message.id:
            # A form for one or two may say the number in words.
            assert all(_filled_in(form) <= _filled_in(message.id[1]) for form in message.string)


@pytest.mark.parametrize("language", messages.languages())
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    path = messages.catalog_of(language).with_suffix(".mo")
    assert path.read_bytes() == messages.compiled(messages.read(language)), "run `make messages`"


def _is_whole(message, plurals: int) -> bool:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    expected = plurals if isinstance(message.id, tuple) else 1
    return len(forms) == expected and all(forms) and not message.fuzzy


def _filled_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
