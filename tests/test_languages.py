"""Every language says all that English says."""

import re

import pytest
from django.conf import settings

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
WORD = re.compile(r"[^\W\d_]{2,}")
# So many words may be the same in two languages.
SHARED = 3
CATALOGS = [(domain, code) for domain in messages.DOMAINS for code in messages.languages()]


@pytest.fixture(scope="module")
def strings() -> dict[str, set]:
    extracted = {domain: messages.extracted(domain) for domain in messages.DOMAINS}
    return {domain: {(m.context, m.id) for m in extracted[domain] if m.id} for domain in extracted}


def test_there_are_the_languages_that_we_promise() -> None:
    assert {code for code, _ in settings.LANGUAGES} >= {"en", "de", "fr", "es", "ar", "ja"}


def test_the_strings_of_scripts_are_found(strings) -> None:
    found = {id_ for _, id_ in strings["djangojs"]}
    assert {"Leave a Reply", ("%(count)s reply", "%(count)s replies")} <= found


@pytest.mark.parametrize(("domain", "language"), CATALOGS)
def test_nothing_is_left_untranslated(domain: str, language: str, strings) -> None:
    catalog = messages.read(domain, language)
    translated = {(m.context, m.id) for m in catalog if m.id and _is_whole(m, catalog.num_plurals)}
    assert not strings[domain] - translated


@pytest.mark.parametrize("domain", messages.DOMAINS)
def test_no_language_says_it_in_the_words_of_another(domain: str) -> None:
    """Of one or two words languages share some; sentences are put into the wrong file."""
    said: dict[tuple, set[str]] = {}
    for language in messages.languages():
        for message in messages.read(domain, language):
            for words in {*_forms(message)} - {*_ids(message)}:
                if len(WORD.findall(PLACEHOLDER.sub("", words))) > SHARED:
                    said.setdefault((message.context, message.id, words), set()).add(language)
    assert not {words: where for (_, _, words), where in said.items() if len(where) > 1}


@pytest.mark.parametrize(("domain", "language"), CATALOGS)
def test_nothing_is_translated_that_nobody_says(domain: str, language: str, strings) -> None:
    catalog = messages.read(domain, language)
    assert {(m.context, m.id) for m in catalog if m.id} <= strings[domain]


@pytest.mark.parametrize("language", messages.languages())
def test_a_string_of_both_domains_is_translated_alike(language: str) -> None:
    pages, scripts = (
        {m.id: m.string for m in messages.read(domain, language) if m.id and not m.context}
        for domain in messages.DOMAINS
    )
    assert all(pages[id_] == scripts[id_] for id_ in pages.keys() & scripts.keys())


@pytest.mark.parametrize(("domain", "language"), CATALOGS)
def test_a_translation_fills_in_what_the_original_does(domain: str, language: str) -> None:
    for message in messages.read(domain, language):
        if message.id and isinstance(message.id, str):
            assert _filled_in(message.string) == _filled_in(message.id), message.id
        elif message.id:
            # A form for one or two may say the number in words.
            assert all(_filled_in(form) <= _filled_in(message.id[1]) for form in message.string)


@pytest.mark.parametrize(("domain", "language"), CATALOGS)
def test_what_is_compiled_is_what_is_written(domain: str, language: str) -> None:
    path = messages.catalog_path(domain, language).with_suffix(".mo")
    compiled = messages.compiled(messages.read(domain, language))
    assert path.read_bytes() == compiled, "run `make messages`"


def _is_whole(message, plurals: int) -> bool:
    forms = _forms(message)
    expected = plurals if isinstance(message.id, tuple) else 1
    return len(forms) == expected and all(forms) and not message.fuzzy


def _forms(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _ids(message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _filled_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
