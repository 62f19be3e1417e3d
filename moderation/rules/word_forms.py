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
        **dict.fromkeys("’‘‛ʼʻʽ＇`´ʹ′՚׳ꞌ", "'"),
        **dict.fromkeys("∗⁎✱﹡＊", "*"),
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),
        **dict.fromkeys("“”„«»", '"'),
        # Not seen, or drawn to fill a line: soft hyphen, joiners, BOM, and Arabic's tatweel.
        **dict.fromkeys("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeffـ", None),
        # How a sign is drawn: in black, or as an emoji.
        **dict.fromkeys("\ufe0e\ufe0f", None),
        # Turkish has two letters i, which others write alike.
        **dict.fromkeys("ıİ", "i"),
        # Arabic's forms of alef, and two pairs that are often written alike.
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        **dict.fromkeys("ةہھە", "ه"),
        # Persian and Urdu have a kaf of their own.
        "ک": "ك",
        # Russian writes its ё without the dots, but in books for children.
        "ё": "е",
        "Ё": "Е",
    }
)
# Normalising takes time that grows with the square of how many marks are stacked. No language has
# more than 30 (UAX #15, Stream-Safe Text Format).
_STACK = re2.compile(r"(\pM{30})\pM+")
# Vowels and reading marks of Arabic and Hebrew, the dot below letters of India, and the dot that
# case folding leaves on an i.
_POINTS = re.compile(
    "[\u0307\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u093c\u09bc\u0a3c]"
)
# Greek leaves out its accents in capitals.
_GREEK_ACCENTS = str.maketrans("άέήίόύώΐΰϊϋ", "αεηιουωιυιυ")
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
# Where people hide words from lists in scripts whose letters stand close together.
_CLOSE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_HIDDEN_BETWEEN = re2.compile(rf"([{_CLOSE}])[\d*_./·~+|#^-]{{1,3}}([{_CLOSE}])")
_JOINED_BY = re.compile(r"(?<=[^\W_])[-_](?=[^\W_])")
# The articles of Arabic and Hebrew, and what is written together with them, before a longer word.
_ARTICLE = re.compile(
    r"(?<!\w)(?:[وف]?(?:[بك]?ال|لل)(?=[\u0620-\u064a]{3})|ו?ה(?=[\u05d0-\u05ea]{4}))"
)
_LEET = str.maketrans("013457", "oieast")
_AROUND = re.compile(r"(?<=[^\W\d_])\d++(?!\w)|(?<!\w)\d++(?=[^\W\d_])")


def folded(text: str) -> str:
    """Return a text in small letters, in one typography, without marks that are often left out."""
    if text.isascii():
        return text.lower().replace("`", "'")
    # The acute accent alone is compatible with a space and an accent, so it is replaced before.
    text = unicodedata.normalize("NFKC", _STACK.sub(r"\1", text).translate(_SAME))
    return _POINTS.sub("", text.translate(_SAME).casefold()).translate(_GREEK_ACCENTS)


def forms(text: str) -> Iterator[str]:
    """Yield the folded text, and what it reads without its disguises."""
    plain = folded(text)
    yield plain
    if any(map(str.isdigit, plain)):
        yield _AROUND.sub("", plain)
        yield _WORD.sub(_without_leet, plain)
    if _JOINED_BY.search(plain):
        yield _JOINED_BY.sub(" ", plain)
    if plain.isascii():
        return
    yield _ARTICLE.sub("", plain)
    if _HIDDEN_BETWEEN.search(plain):
        # Twice, since a letter between two signs belongs to both of them.
        yield _HIDDEN_BETWEEN.sub(r"\1\2", _HIDDEN_BETWEEN.sub(r"\1\2", plain))
    if _HAS_LATIN.search(plain) and _HAS_OTHER.search(plain):
        yield _WORD.sub(lambda word: _in_one_alphabet(word[0], _TO_LATIN), plain)
        yield _WORD.sub(lambda word: _in_one_alphabet(word[0], _TO_CYRILLIC), plain)


def _without_leet(word: re.Match[str]) -> str:
    return word[0] if word[0].isalpha() or word[0].isdigit() else word[0].translate(_LEET)


def _in_one_alphabet(word: str, table: dict[int, str]) -> str:
    is_mixed = not word.isascii() and _HAS_LATIN.search(word) and _HAS_OTHER.search(word)
    return word.translate(table) if is_mixed else word
