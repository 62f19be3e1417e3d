"""Cut a sentence into the word pieces of BERT's uncased vocabulary (Wu et al. 2016, WordPiece)."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ml.context.reading import MAX_PIECES

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
PADDING_ID = 0
MAX_WORD_CHARACTERS = 100
# Letters that are not read: what no decoder could read, and what has no glyph.
REPLACEMENT, HIDDEN = "\ufffd", frozenset({"Cc", "Cf", "Cn", "Cs", "Co"})
# Chinese characters are words by themselves.
_CHINESE = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2EBEF))


class Pieces:
    """The vocabulary, by which sentences become ids. Thread-safe.

    Gives the ids that the `tokenizers` library gives for the same vocabulary. That library brings
    a client of a model hub along, which has no place in a service that reads other people's texts.
    """

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {piece: number for number, piece in enumerate(lines)}
        self._start, self._end, self._unknown = (self._ids[p] for p in (START, END, UNKNOWN))
        self._of_word = lru_cache(maxsize=20_000)(self._cut)

    def ids(self, sentence: str) -> list[int]:
        """Return at most 96 ids, with those of the marks at both ends."""
        ids = [self._start]
        for word in words_of(sentence):
            ids += self._of_word(word)
            if len(ids) >= MAX_PIECES - 1:
                break
        return [*ids[: MAX_PIECES - 1], self._end]

    def of_word(self, word: str) -> int:
        """Return how many pieces a word has."""
        return len(self._of_word(word))

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the ids of the longest pieces from the left; one unknown when there are none."""
        ids: list[int] = []
        start = 0
        while start < len(word) <= MAX_WORD_CHARACTERS:
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._ids.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            ids.append(number)
            start = end
        return tuple(ids) or (self._unknown,)


def words_of(sentence: str) -> list[str]:
    """Return words without accents, and each mark of punctuation by itself."""
    if not sentence.isascii():
        spaced = "".join(map(_spaced, sentence)).lower()
        sentence = "".join(
            c for c in unicodedata.normalize("NFD", spaced) if unicodedata.category(c) != "Mn"
        )
    words: list[str] = []
    for chunk in sentence.lower().split():
        words += [chunk] if chunk.isalnum() else _split_punctuation(chunk)
    return words


def _spaced(letter: str) -> str:
    if letter == REPLACEMENT or (unicodedata.category(letter) in HIDDEN and not letter.isspace()):
        return ""
    point = ord(letter)
    return f" {letter} " if any(low <= point <= high for low, high in _CHINESE) else letter


def _split_punctuation(chunk: str) -> Iterator[str]:
    word = ""
    for letter in chunk:
        if _is_punctuation(letter):
            if word:
                yield word
            yield letter
            word = ""
        else:
            word += letter
    if word:
        yield word


def _is_punctuation(letter: str) -> bool:
    if letter.isascii():
        return letter.isprintable() and not letter.isalnum()
    return unicodedata.category(letter).startswith("P")
