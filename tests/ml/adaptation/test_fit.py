"""Fitting a layer: what few and many labels make of a word, and of false alarms."""

from ml.adaptation.fit import Lesson, fit
from ml.adaptation.layer import Layer

HOLD_AT = {"SPAM": 0.5}


def lessons(text: str, number: int, *, harmful: bool, score: float = 0.02) -> list[Lesson]:
    """Return lessons that share the words of `text`, and have one of their own each."""
    return [
        Lesson({"text": f"{text} {text[0]}{letters(n)}"}, {"SPAM": score}, {"SPAM": harmful})
        for n in range(number)
    ]


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")


def score(layer: Layer, text: str, before: float = 0.02) -> float:
    return layer.correct([{"text": text}], [{"SPAM": before}])[0]["SPAM"]


def taught(number: int) -> list[Lesson]:
    spam = lessons("win at the kasino", number, harmful=True)
    calm = lessons("walk in the rain", number, harmful=False)
    return [lesson for pair in zip(spam, calm, strict=True) for lesson in pair]


def test_what_many_texts_teach_is_known_of_others() -> None:
    layer = fit(taught(60), hold_at=HOLD_AT)
    assert score(layer, "a kasino for all who win") > 0.5
    assert score(layer, "we walk in the rain") < 0.05


def test_few_texts_change_little() -> None:
    few, many = (score(fit(taught(n), hold_at=HOLD_AT), "kasino") for n in (8, 80))
    assert 0.02 < few < many


def test_fewer_than_eight_of_a_kind_teach_nothing() -> None:
    assert fit(taught(7), hold_at=HOLD_AT).weights == {}


def test_a_word_of_one_text_alone_is_left_out() -> None:
    layer = fit([*taught(20), *lessons("unique", 1, harmful=True)], hold_at=HOLD_AT)
    assert "unique" not in layer.weights["SPAM"]
    assert "kasino" in layer.weights["SPAM"]


def test_a_word_that_people_call_wrong_is_left_out() -> None:
    assert "kasino" not in fit(taught(20), hold_at=HOLD_AT, without={"kasino"}).weights["SPAM"]


def test_a_lesson_of_little_weight_counts_little() -> None:
    light = [lesson._replace(weight=0.05) for lesson in taught(20)]
    full, little = (score(fit(known, hold_at=HOLD_AT), "kasino") for known in (taught(20), light))
    assert little < full


def test_words_of_both_kinds_do_not_hold_harmless_texts() -> None:
    """Where a word is as often harmless, a discount keeps its texts below the threshold."""
    mixed = [
        *lessons("the kasino of our town", 30, harmful=True),
        *lessons("the kasino of our town", 30, harmful=False, score=0.45),
        *taught(10),
    ]
    layer = fit(mixed, hold_at=HOLD_AT)
    assert layer.discounts["SPAM"] >= 0
    held = sum(score(layer, m.record["text"], m.scores["SPAM"]) >= 0.5 for m in mixed[30:60])
    assert held <= 1


def test_anchors_bring_no_words_of_their_own() -> None:
    anchors = lessons("an anchored phrase", 20, harmful=False)
    weights = fit(taught(20), hold_at=HOLD_AT, anchors=anchors).weights["SPAM"]
    assert "anchored" not in weights


def test_anchors_hold_a_word_that_the_lessons_call_harmful() -> None:
    anchors = lessons("the kasino closed in may", 60, harmful=False)
    free, held = (fit(taught(20), hold_at=HOLD_AT, anchors=more) for more in ([], anchors))
    assert held.weights["SPAM"]["kasino"] < free.weights["SPAM"]["kasino"]
