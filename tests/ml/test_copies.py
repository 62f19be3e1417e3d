"""Near copies of rows that were learned from are left out of the measuring."""

from ml.copies import without_copies
from ml.dataset import Row


def rows(*texts: str) -> list[Row]:
    return [Row(text, {}, "made_up") for text in texts]


LEARNED = rows(
    "Dear friend, buy our cheap watches in the new shop and win a prize today",
    "Thanks!",
)


def test_a_copy_with_another_beginning_and_end_is_found() -> None:
    copy = rows(
        "Hello Ann! buy our CHEAP watches in the new shop, and win a prize 24 http://x.example"
    )
    assert without_copies(copy, of=LEARNED) == []


def test_a_text_of_few_words_is_a_copy_only_as_a_whole() -> None:
    kept = without_copies(rows("thanks", "thanks a lot"), of=LEARNED)
    assert [row.text for row in kept] == ["thanks a lot"]


def test_a_quotation_in_a_longer_text_is_no_copy() -> None:
    text = "He wrote: buy our cheap watches in the new shop. I think nobody here wants to read that"
    assert len(without_copies(rows(text), of=LEARNED)) == 1


def test_texts_without_words_are_kept() -> None:
    assert len(without_copies(rows("+1", "!!!"), of=rows("+1"))) == 2
