"""One spelling for the lines of a word list and for texts, and the disguises of words.

Pure. A line and a text are folded alike, so that neither typography nor grammar decides. What is
read in a text besides are digits around or in place of letters, and letters of another alphabet.
"""

import re
import unicodedata
from collections.abc import Iterator

import re2

# In a folded line, in the place of an asterisk that stands for any letters.
WILDCARD = "\ue000"
_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ＇`´ʹ", "'"),
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),
        **dict.fromkeys("“”„«»", '"'),
        # Not seen, or drawn to fill a line: soft hyphen, joiners, BOM, and Arabic's tatweel.
        **dict.fromkeys("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeffـ", None),
        # Turkish has two letters i, which others write alike.
        **dict.fromkeys("ıİ", "i"),
        # Arabic's forms of alef, and two pairs that are often written alike.
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ة": "ه",
    }
)
# Normalising takes time that grows with the square of how many marks are stacked. No language has
# more than 30 (UAX #15, Stream-Safe Text Format).
_STACK = re2.compile(r"(\pM{30})\pM+")
# Vowels and reading marks of Arabic and Hebrew, and the dot that case folding leaves on an i.
_POINTS = re.compile("[\u0307\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
# Small letters of three alphabets that are written, or written as capitals, alike.
_LATIN, _CYRILLIC = "aeopcyxisjkmthbnr", "аеорсухіѕјкмтнвпг"
_GREEK = {"α": "a", "ο": "o", "ρ": "p", "υ": "y", "ν": "v", "ι": "i", "κ": "k", "χ": "x"} | {
    "τ": "t", "ε": "e", "η": "n", "ζ": "z", "β": "b", "μ": "m", "γ": "y", "ω": "w",
}  # fmt: skip
_TO_LATIN = str.maketrans({**dict(zip(_CYRILLIC, _LATIN, strict=True)), **_GREEK})
_TO_CYRILLIC = str.maketrans(dict(zip(_LATIN, _CYRILLIC, strict=True)))
_WORD = re.compile(r"[^\W_]++")
_HAS_LATIN = re.compile("[a-z]")
_HAS_OTHER = re.compile("[а-яёіѕјα-ω]")
_LEET = str.maketrans("013457", "oieast")
_AROUND = re.compile(r"(?<=[^\W\d_])\d++(?!\w)|(?<!\w)\d++(?=[^\W\d_])")


def folded(text: str) -> str:
    """Return a text in small letters, in one typography, without marks that are often left out."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFKC", _STACK.sub(r"\1", text)).translate(_SAME)
    return _POINTS.sub("", text.casefold())


def forms(text: str) -> Iterator[str]:
    """Yield the folded text, and what it reads without its disguises."""
    plain = folded(text)
    yield plain
    if any(map(str.isdigit, plain)):
        yield _AROUND.sub("", plain)
        yield _WORD.sub(_without_leet, plain)
    if not plain.isascii() and _HAS_LATIN.search(plain) and _HAS_OTHER.search(plain):
        yield _WORD.sub(lambda word: _in_one_alphabet(word[0], _TO_LATIN), plain)
        yield _WORD.sub(lambda word: _in_one_alphabet(word[0], _TO_CYRILLIC), plain)


def _without_leet(word: re.Match[str]) -> str:
    return word[0] if word[0].isalpha() or word[0].isdigit() else word[0].translate(_LEET)


def _in_one_alphabet(word: str, table: dict[int, str]) -> str:
    is_mixed = not word.isascii() and _HAS_LATIN.search(word) and _HAS_OTHER.search(word)
    return word.translate(table) if is_mixed else word
