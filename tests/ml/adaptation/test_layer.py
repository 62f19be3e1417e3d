"""A layer of words: what it corrects, how it is stored, and how its words are named."""

import pytest

from ml.adaptation.layer import Layer, LayerUnusable, name_of, words_of

KASINO = Layer({"SPAM": {"kasino": 2.0, "walk": -1.0}}, {"SPAM": 0.5})


def corrected(layer: Layer, text: str, **scores: float) -> dict[str, float]:
    return layer.correct([{"text": text}], [scores])[0]


def test_words_add_to_the_log_odds_less_the_discount() -> None:
    assert corrected(KASINO, "Kasino", SPAM=0.5)["SPAM"] == pytest.approx(0.817574)
    assert corrected(KASINO, "a walk to the kasino", SPAM=0.5)["SPAM"] == pytest.approx(0.622459)


def test_a_discount_takes_nothing_off_the_shipped_score() -> None:
    slight = Layer({"SPAM": {"kasino": 0.3, "walk": -1.0}}, {"SPAM": 0.5})
    assert corrected(slight, "kasino", SPAM=0.5)["SPAM"] == 0.5
    assert corrected(slight, "walk", SPAM=0.5)["SPAM"] == pytest.approx(0.268941)


def test_each_word_of_a_long_text_weighs_less() -> None:
    layer = Layer({"SPAM": {"kasino": 2.0}}, {})
    others = " ".join(f"{chr(97 + n)}word" for n in range(17))
    short, nine, long = (
        corrected(layer, text, SPAM=0.5)["SPAM"]
        for text in ("kasino", " ".join(others.split()[:8]) + " kasino", f"{others} kasino")
    )
    assert short == nine == pytest.approx(0.880797)
    assert long == pytest.approx(0.80443), "of 18 words, by the square root of two"


def test_a_text_without_a_known_word_keeps_its_score() -> None:
    assert corrected(KASINO, "hello", SPAM=0.3) == {"SPAM": 0.3}


def test_a_word_counts_once_however_often_it_is_written() -> None:
    once, thrice = (corrected(KASINO, text, SPAM=0.1) for text in ("kasino", "kasino " * 3))
    assert once == thrice


def test_other_categories_are_left_alone() -> None:
    assert corrected(KASINO, "kasino", TOXICITY=0.3) == {"TOXICITY": 0.3}


def test_only_spam_reads_links_and_names() -> None:
    words = {"\x02 link host kasino": 3.0, "ann": 2.0}
    layer = Layer({"SPAM": words, "TOXICITY": words}, {})
    record = {"text": "see https://kasino.example/x", "author_name": "Ann"}
    row = layer.correct([record], [{"SPAM": 0.1, "TOXICITY": 0.1}])[0]
    assert row["TOXICITY"] == 0.1
    assert row["SPAM"] > 0.9


def test_it_survives_being_stored() -> None:
    again = Layer.from_json(KASINO.to_json())
    assert (again.weights, again.discounts) == (KASINO.weights, KASINO.discounts)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"format": 1, "weights": {}, "discounts": {}},
        {"format": 2, "weights": {"SPAM": {"x": "heavy"}}, "discounts": {}},
        {"format": 2, "weights": [], "discounts": {}},
        {"format": 2, "weights": {}},
    ],
)
def test_anything_else_is_no_layer(data: dict[str, object]) -> None:
    with pytest.raises(LayerUnusable):
        Layer.from_json(data)


def test_a_layer_goes_on_without_words_by_their_names() -> None:
    layer = Layer({"SPAM": {"kasino": 2.0, "\x02 link host x": 1.0, "walk": -1.0}}, {})
    assert layer.without({"kasino", "(link host x)"}).weights == {"SPAM": {"walk": -1.0}}


def test_special_tokens_are_named_so_that_no_word_has_the_same_name() -> None:
    names = {name_of(word) for word in words_of({"text": "LOOK quote https://x.example 12!"})}
    assert {"look", "(shout)", "quote", "(link host x)", "(digits 2)", "(!)"} <= names
    assert not any(ord(letter) < 32 for name in names for letter in name)
