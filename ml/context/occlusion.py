"""Explain a score of both readers: by how much it changes without each part of the text.

Occlusion (Zeiler and Fergus 2014) is an approximation: unlike the weights of the words alone, its
weights need not add up to the score, since words mean something together.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ml.context import head
from ml.context.head import Scores
from ml.context.reading import READ_CHARACTERS, sentence
from ml.explain import Explanation, Span, trimmed
from ml.text import chunk_spans
from ml.tokens import Record, text_of

if TYPE_CHECKING:
    from ml.context.second_reader import TwoReaders

# So many parts at most: each is one more reading. Of longer texts a part is a run of words.
MAX_PARTS = 16
SECOND_READER = "second reader"


class Occluded(NamedTuple):
    """The log odds of a record without each of its parts, in every category.

    `parts` are spans of `text`. `together` is of both readers, `words` of the words alone; their
    rows are of the whole record, then without each part, then of an empty text.
    """

    text: str
    parts: Sequence[tuple[int, int]]
    together: Scores
    words: Scores


def occlude(readers: "TwoReaders", record: Record) -> Occluded:
    """Return the log odds without each part: one reading for each, and two more."""
    text = text_of(record)
    parts = _parts(text[:READ_CHARACTERS])
    blanked = [text[:start] + " " * (end - start) + text[end:] for start, end in parts]
    variants = [record, *(_with_text(record, other) for other in (*blanked, ""))]
    words = readers.words.text_probabilities(variants)
    both = readers.combined(words, [sentence(variant) for variant in variants])
    return Occluded(text, parts, head.log_odds(both), head.log_odds(words))


def explanation(occluded: Occluded, column: int, *, of_words: Explanation) -> Explanation:
    """Return the explanation in one category of a record that was read twice.

    `of_words` is that of the words alone: its features, such as the author's website, are kept.
    """
    full, *without, empty = occluded.together[:, column].tolist()
    spans: list[Span] = [
        (*trimmed(occluded.text, *part), full - other)
        for part, other in zip(occluded.parts, without, strict=True)
    ]
    features = {**of_words.features, SECOND_READER: full - float(occluded.words[0, column])}
    return Explanation(tuple(spans), features, empty, method="occlusion")


def _parts(text: str) -> list[tuple[int, int]]:
    """Return the spans of the words, or of runs of words where there are more than 16."""
    spans = list(chunk_spans(text))
    length = -(-len(spans) // MAX_PARTS) or 1
    runs: list[Sequence[tuple[int, int]]] = [
        spans[at : at + length] for at in range(0, len(spans), length)
    ]
    return [(run[0][0], run[-1][1]) for run in runs]


def _with_text(record: Record, text: str) -> Record:
    return text if isinstance(record, str) else {**record, "text": text}
