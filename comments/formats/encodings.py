"""See in which encoding a file is written."""

import codecs
import re
import unicodedata
from collections import Counter

from charset_normalizer import from_bytes

from comments.formats.streams import WESTERN, UnreadableFile

# Byte order marks, and how XML or JSON begins without one (XML 1.0, appendix F).
STARTS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    *((bytes([first, 0]), "utf-16-le") for first in b"<{["),
    *((bytes([0, first]), "utf-16-be") for first in b"<{["),
)
DECLARATION = re.compile(
    rb"""(?<!\s)\s*+<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([^"']{1,40})["']"""
)
# Encodings that an XML declaration may name. ISO 8859-1 is read as browsers read it.
ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d|windows-125\d|cp125\d|koi8-[ru]",
    re.IGNORECASE,
)
# What spreadsheets and old systems write where letters are not Latin.
GUESSED = (
    *("cp1251", "koi8_r", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
    *("cp1253", "cp1255", "cp1256", "cp874", "cp1252", "cp1250", "cp1254"),
)
# How much of the lines that are not ASCII is looked at, in bytes.
SAMPLE = 8 * 1024


def encoding_of(head: bytes) -> str:
    """Return the encoding in which a file begins. Raises UnreadableFile for one not read."""
    for start, encoding in STARTS:
        if head.startswith(start):
            return encoding
    declared = DECLARATION.match(head)
    if declared is None:
        return _wide(head) or _guessed(head)
    name = declared[1].decode("ascii", "replace")
    if not ENCODINGS.fullmatch(name):
        line = head[: declared.start(1)].count(b"\n") + 1
        raise UnreadableFile(
            f"This is no XML that can be imported: line {line} says that it is in “{name}”, which "
            "is not read. Save it as UTF-8."
        )
    # Whatever the declaration says, it could be read: it is not in UTF-16.
    if name.lower().startswith("utf"):
        return _guessed(head)
    return WESTERN if name.lower().replace("-", "") in ("iso88591", "latin1") else name


def _wide(head: bytes) -> str:
    """Return which UTF-16 a text is in that begins with ASCII letters and no mark, or ""."""
    start = head[:64]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if not (even or odd) or max(even, odd) * 4 < len(start) or min(even, odd):
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _guessed(head: bytes) -> str:
    """Return UTF-8, or what a text is in that is none, and not in Latin letters."""
    decoded = head.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= letter <= "\udcff" for letter in decoded)
    # The last character may go on behind the head, and single bytes of others are no encoding.
    if odd <= 3 or sum(letter > "\x7f" for letter in decoded) > 2 * odd:
        return "utf-8"
    lines = b"\n".join(line for line in head.splitlines() if not line.isascii())[:SAMPLE]
    found = from_bytes(lines, cp_isolation=list(GUESSED)).best()
    return found.encoding if found and _is_foreign(str(found)) else "utf-8"


def _is_foreign(text: str) -> bool:
    """Return whether most letters of a text that are not ASCII are not Latin either."""
    letters = (each for each in text if each > "\x7f" and each.isalpha())
    scripts = Counter("LATIN" in unicodedata.name(each, "LATIN") for each in letters)
    return scripts[False] > scripts[True]
