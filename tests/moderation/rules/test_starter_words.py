"""Lists of insults to start with."""

import pytest

from moderation.rules import ordinary_comments, wordlists
from moderation.rules.starter_words import STARTER_WORDS


@pytest.mark.parametrize("language", STARTER_WORDS)
def test_a_list_can_be_used_and_finds_its_words(language: str) -> None:
    words = STARTER_WORDS[language]
    wordlists.check(words)
    assert len(set(words)) == len(words)
    for word in words:
        assert word in wordlists.find((word,), [f"… {word.replace('*', '')}!"])


@pytest.mark.parametrize("language", STARTER_WORDS)
def test_a_list_finds_nothing_in_calm_comments(language: str) -> None:
    calm = [
        *ordinary_comments.COMMENTS,
        *(comment for of_one in ordinary_comments.BY_LANGUAGE.values() for comment in of_one),
    ]
    assert wordlists.find(STARTER_WORDS[language], calm) == []


def test_all_lists_together_cost_no_more_than_a_site_may_spend() -> None:
    wordlists.check([word for words in STARTER_WORDS.values() for word in words])
