"""Split records into pre-tokens, and these into tokens: words and special tokens.

Pre-tokens are the chunks of the text, and special tokens that stand for its shape and its author. A
special token has a prefix that no text can contain. Those of links and of the author have another:
only SPAM reads them, since neither makes a text rude.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ml.alphabets import has_latin_variants, with_latin_lookalikes, without_accents
from ml.links import linked_chunks, links_in, plain_link
from ml.text import (
    MAX_CHARACTERS,
    chunks,
    fold_characters,
    undo_substitutions,
    without_layout,
)

Record = Mapping[str, Any] | str

# No chunk of a text can start with these, since a chunk has no white space.
SPECIAL_PREFIX, CONTEXT_PREFIX = "\x01 ", "\x02 "
# Before a word with a quotation mark in front.
QUOTE = f"{SPECIAL_PREFIX}quote"
# The category that reads links and the author; no other does.
CONTEXT_CATEGORY = "SPAM"
MAX_FIELD_CHARACTERS = 300
MAX_WORD_CHARACTERS = 32
# Beside so few words a link is what the comment is about.
FEW_WORDS, SOME_WORDS = 3, 12
SHORTENERS = frozenset({
    "bit.ly", "goo.gl", "t.co", "tinyurl.com", "ow.ly", "is.gd", "buff.ly", "adf.ly", "cutt.ly",
    "rb.gy", "shorturl.at", "bit.do", "tiny.cc", "lnkd.in", "s.id", "t.ly", "v.gd", "x.co", "po.st",
    "clck.ru", "vk.cc", "u.to",
})  # fmt: skip

_WORD = re.compile(
    r"[^\W_]+(?:['’*]+[^\W_]+)*|[!?$€£%]+|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2764]"
)
# It begins with a sign, which is found without trying every letter.
_INNER_PUNCTUATION = re.compile(
    r"[.\-_*|/\\'’`~,;:+=^#](?<=[^\W\d_].)[.\-_*|/\\'’`~,;:+=^#]{0,2}(?=[^\W\d_])"
)
_QUOTATION_MARKS = frozenset('"“„«»「')
_PLAIN_LETTERS = re.compile(r"[a-z]{3,}")
# Words of the names of emoji that tell nothing.
_EMOJI_FILLERS = frozenset({
    "face", "with", "and", "sign", "symbol", "of", "the", "open", "eyes", "mark", "hand", "for",
})  # fmt: skip


def pre_tokens(record: Record) -> list[str]:
    """Return the chunks and special tokens of a record's text, in reading order.

    Only the first 20,000 characters are read.
    """
    text = text_of(record)
    pieces = chunks(text)
    return [*pieces, *shape_specials(text, pieces)]


def text_of(record: Record) -> str:
    """Return the text of a record as it is read: its beginning, without layout."""
    text = record if isinstance(record, str) else str(record.get("text") or "")
    return without_layout(text[:MAX_CHARACTERS])


def is_context(token: str) -> bool:
    """Return whether a token is of a link or of the author: only SPAM reads it."""
    return token.startswith(CONTEXT_PREFIX)


def shape_specials(text: str, pieces: Sequence[str]) -> list[str]:
    """Return special tokens for a text with these chunks: capitals, links, what is beside them."""
    special_tokens = []
    if text.isupper() and len(text) > 12:
        special_tokens.append(f"{SPECIAL_PREFIX}capitals")
    if found := sum(map(len, map(links_in, linked_chunks(text, pieces)))):
        words = len(pieces) - found
        amount = "few" if words <= FEW_WORDS else "some" if words <= SOME_WORDS else "many"
        special_tokens.append(f"{CONTEXT_PREFIX}links {min(found, 4)}")
        special_tokens.append(f"{CONTEXT_PREFIX}beside {amount}")
    return special_tokens


def author_specials(record: Record) -> list[str]:
    """Return special tokens for the author's name, website and email domain; of 300 characters."""
    if isinstance(record, str):
        return []
    name, website, email = (
        str(record.get(f"author_{name}") or "")[:MAX_FIELD_CHARACTERS]
        for name in ("name", "url", "email")
    )
    tokens = [f"{CONTEXT_PREFIX}name {chunk}" for chunk in name.split()]
    tokens += [f"{CONTEXT_PREFIX}site {website}"] if website.strip() else []
    tokens += [f"{CONTEXT_PREFIX}mail {email.rpartition('@')[2].lower()}"] if "@" in email else []
    return tokens


def tokenize(pre_token: str) -> list[str]:
    """Return the distinct tokens of one pre-token; it may have none."""
    tokens = (
        _tokenize_special(pre_token)
        if pre_token.startswith((SPECIAL_PREFIX, CONTEXT_PREFIX))
        else _tokenize_chunk(pre_token)
    )
    return list(dict.fromkeys(tokens))


def tokenize_plain_word(pre_token: str, word: str, marks: str) -> list[str]:
    """Return the tokens of a pre-token that is a word in one alphabet, as `tokenize` would.

    The word may have an apostrophe or a hyphen; `marks` are the exclamation and question marks
    after it. It has no letter three times in a row.
    """
    lowered = word.casefold()
    tokens = [lowered]
    if "-" in word:
        tokens = lowered.split("-")
    if marks:
        tokens.append(f"{SPECIAL_PREFIX}{marks[:3]}")
    if "'" in word or "’" in word:
        tokens.append(lowered.replace("'", "").replace("’", ""))
    elif "-" in word:
        tokens = list(dict.fromkeys([*tokens, lowered.replace("-", "")]))
    if not lowered.isascii():
        latin = _latin_word(lowered)
        if latin.isascii():
            tokens.append(latin)
    if word[-1].isupper() and _is_all_caps(word):
        tokens.append(f"{SPECIAL_PREFIX}shout")
    return [*_quote(pre_token), *tokens] if pre_token[0] == '"' else tokens


def _quote(pre_token: str) -> list[str]:
    return [QUOTE] if pre_token[0] in _QUOTATION_MARKS and pre_token[1:2].isalpha() else []


def _latin_word(word: str) -> str:
    """Return a word without its accents, or as the Latin word that it looks like."""
    if word < "\u0250":
        return without_accents(word)
    return with_latin_lookalikes(word) if word < "\u0500" else word


def _tokenize_chunk(pre_token: str) -> list[str]:
    tokens: list[str] = []
    if "." in pre_token or ":" in pre_token or " " in pre_token or "(" in pre_token:
        plain = plain_link(pre_token)
        found = links_in(plain)
        if found and plain != pre_token:
            tokens.append(f"{CONTEXT_PREFIX}disguised")
        for link in found:
            tokens += _tokenize_link(link)
            plain = plain.replace(link, " ")
        pre_token = plain if found else pre_token
    quote = _quote(pre_token) if pre_token else []
    tokens = [*quote, *filter(None, _word_variants(pre_token)), *tokens]
    if _is_all_caps(pre_token):
        tokens.append(f"{SPECIAL_PREFIX}shout")
    return tokens


def _is_all_caps(pre_token: str) -> bool:
    return pre_token.isupper() and sum(map(str.isalpha, pre_token)) > 3


def _tokenize_special(pre_token: str) -> list[str]:
    kind, _, rest = pre_token.removeprefix(CONTEXT_PREFIX).partition(" ")
    if kind == "site":
        return _tokenize_link(rest, kind="site")
    if kind == "name":
        words = _word_variants(rest)
        return [*words, *(f"{CONTEXT_PREFIX}name {word}" for word in words)]
    return [pre_token]


def _word_variants(chunk: str) -> list[str]:
    """Return the words of a chunk: deobfuscated, as written, joined, without accents."""
    folded = fold_characters(chunk)
    plain = undo_substitutions(folded)
    words = _split_words(plain)
    if plain != folded:
        words += [word for word in _split_words(folded) if len(word) > 2]
        if "1" in folded:
            # A 1 may stand for an l as well as for an i.
            words += _split_words(undo_substitutions(folded.replace("1", "l")))
    joined = plain if plain.isalpha() else _INNER_PUNCTUATION.sub("", plain)
    if joined != plain:
        words += _split_words(joined)
    if has_latin_variants(folded):
        for latin in (without_accents(folded), with_latin_lookalikes(folded)):
            if latin != folded:
                words += [word for word in _split_words(latin) if word.isascii()]
    return words


def _split_words(chunk: str) -> list[str]:
    if chunk.isalpha() and len(chunk) <= MAX_WORD_CHARACTERS:
        return [chunk]
    words: list[str] = []
    for word in _WORD.findall(chunk):
        if word.isdigit():
            # How long a number is says nothing: 0.8632228623033962 is one like another.
            words.append(f"{SPECIAL_PREFIX}digits {min(len(word), 3)}")
        elif not word[0].isalnum():
            words.append(f"{SPECIAL_PREFIX}{word[:3]}")
            if word[0] > "\u2000" and len(word) == 1:
                words += _emoji_words(word)
        elif len(word) <= MAX_WORD_CHARACTERS:
            words.append(word)
        else:
            starts = range(0, len(word), MAX_WORD_CHARACTERS)
            words += [word[i : i + MAX_WORD_CHARACTERS] for i in starts]
    return words


@lru_cache(maxsize=5000)
def _emoji_words(emoji: str) -> tuple[str, ...]:
    """Return the words of an emoji's name that tell something: a pistol, vomiting."""
    words = _PLAIN_LETTERS.findall(unicodedata.name(emoji, "").lower())
    return tuple(word for word in words if word not in _EMOJI_FILLERS)


def _tokenize_link(link: str, *, kind: str = "link") -> list[str]:
    link = link.replace("\\", "/")
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host, path = parts.hostname or "", parts.path
    except ValueError:
        host, path = "", ""
    host = host.lower().removeprefix("www.")
    labels = host.split(".")
    tokens = [f"{CONTEXT_PREFIX}{kind} suffix {labels[-1][:12]}"]
    tokens += [f"{CONTEXT_PREFIX}{kind} host {labels[-2][:40]}"] if len(labels) > 1 else []
    tokens += [f"{CONTEXT_PREFIX}{kind} short"] if host in SHORTENERS else []
    tokens += [f"{CONTEXT_PREFIX}{kind} deep"] if path.count("/") > 1 else []
    words = _PLAIN_LETTERS.findall(fold_characters(link)[:MAX_FIELD_CHARACTERS])[:12]
    words = [word for word in words if word not in ("http", "https", "www", labels[-1])]
    return [*tokens, *(f"{CONTEXT_PREFIX}in link {word[:20]}" for word in words)]
