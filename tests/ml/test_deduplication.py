"""Near-duplicates of training rows are removed from test rows."""

from ml.dataset import Row
from ml.deduplication import without_near_duplicates


def rows(*texts: str) -> list[Row]:
    return [Row(text, {}, "made_up") for text in texts]


TRAINING_ROWS = rows(
    "Dear friend, buy our cheap watches in the new shop and win a prize today",
    "Thanks!",
)


def test_a_copy_with_another_beginning_and_end_is_a_near_duplicate() -> None:
    copy = rows(
        "Hello Ann! buy our CHEAP watches in the new shop, and win a prize 24 http://x.example"
    )
    assert without_near_duplicates(copy, of=TRAINING_ROWS) == []


def test_a_short_text_is_a_near_duplicate_only_as_a_whole() -> None:
    kept = without_near_duplicates(rows("thanks", "thanks a lot"), of=TRAINING_ROWS)
    assert [row.text for row in kept] == ["thanks a lot"]


def test_a_quotation_in_a_longer_text_is_no_near_duplicate() -> None:
    text = "He wrote: buy our cheap watches in the new shop. I think nobody here wants to read that"
    assert len(without_near_duplicates(rows(text), of=TRAINING_ROWS)) == 1


def test_texts_without_words_are_kept() -> None:
    assert len(without_near_duplicates(rows("+1", "!!!"), of=rows("+1"))) == 2
