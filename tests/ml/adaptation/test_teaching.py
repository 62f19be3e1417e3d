"""Which texts teach most: those in doubt, with words that are new and not rare."""

import pytest

from ml.adaptation.teaching import doubt, most_instructive

HOLD_AT = {"SPAM": 0.5, "TOXICITY": 0.8}


def test_doubt_is_greatest_at_the_threshold() -> None:
    assert doubt({"SPAM": 0.5}, HOLD_AT) == 1
    doubts = [doubt({"SPAM": score}, HOLD_AT) for score in (0.5, 0.6, 0.9, 0.99)]
    assert doubts == sorted(doubts, reverse=True)


def test_the_category_in_doubt_counts() -> None:
    assert doubt({"SPAM": 0.001, "TOXICITY": 0.8}, HOLD_AT) == 1


def test_a_category_that_nothing_is_held_for_is_left_out() -> None:
    assert doubt({"SPAM": 0.5, "SEXUAL": 0.5}, {"SPAM": 0.5}) == 1


def test_the_one_in_doubt_comes_first() -> None:
    texts = [["cheap", "pills"], ["cheap", "pills"]]
    assert most_instructive(texts, [0.1, 0.9], {})[0] == 1


def test_copies_of_a_text_come_after_others() -> None:
    advert, other = ["cheap", "pills", "here"], ["city", "council", "vote"]
    order = most_instructive([advert, advert, advert, other, other], [0.9, 0.9, 0.9, 0.8, 0.8], {})
    assert {order[0], order[1]} in ({0, 3}, {1, 3}, {2, 3}, {0, 4}, {1, 4}, {2, 4})


def test_words_that_were_learned_teach_little() -> None:
    texts = [["cheap", "pills"], ["cheap", "pills"], ["city", "council"], ["city", "council"]]
    assert most_instructive(texts, [0.5] * 4, {"cheap": 40, "pills": 40})[0] in (2, 3)


def test_a_word_of_one_text_teaches_nothing() -> None:
    texts = [["unheard"], ["cheap", "pills"], ["cheap", "pills"]]
    assert most_instructive(texts, [1.0, 0.5, 0.5], {})[-1] != 1


@pytest.mark.parametrize("number", [0, 1, 7])
def test_each_is_ranked_once(number: int) -> None:
    texts = [[f"word{n % 3}", "all"] for n in range(number)]
    assert sorted(most_instructive(texts, [0.5] * number, {})) == list(range(number))
