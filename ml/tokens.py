"""Split records into pre-tokens, and these into tokens: words and special tokens.

Pre-tokens are the chunks of the text, and special tokens that stand for its shape and its author. A
special token has a prefix that no text can contain.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ml.text import (
    LINK,
    MAX_CHARACTERS,
    base_letter,
    chunks,
    fold_characters,
    has_repeated_letters,
    latin_lookalike,
    undo_substitutions,
)

Record = Mapping[str, Any] | str

# No chunk of a text can start with this, since a chunk has no white space.
SPECIAL_PREFIX = "\x01 "
MAX_FIELD_CHARACTERS = 300
MAX_WORD_CHARACTERS = 32

_WORD = re.compile(
    r"[^\W_]+(?:['’*]+[^\W_]+)*|[!?$€£%]+|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2764]"
)
_INNER_PUNCTUATION = re.compile(r"(?<=[^\W\d_])[.\-_*|/\\'’`~,;:+=^#]{1,3}(?=[^\W\d_])")
_SURROUNDING_PUNCTUATION = ".,;:()\"'"
_PLAIN_WORD = re.compile(r"([A-Za-z]{1,14}(?:'[A-Za-z]{1,14})?)([!?]*)")
_MARKUP = re.compile(r"<a\s|\[url|\[link", re.IGNORECASE)


def pre_tokens(record: Record) -> list[str]:
    """Return the chunks and special tokens of a record in reading order: text, then author.

    Only the first 20,000 characters of the text are read, and 300 of each other field.
    """
    if isinstance(record, str):
        return [*chunks(record[:MAX_CHARACTERS]), *shape_specials(record[:MAX_CHARACTERS])]
    text = str(record.get("text") or "")[:MAX_CHARACTERS]
    return [*chunks(text), *shape_specials(text), *author_specials(record)]


def shape_specials(text: str) -> list[str]:
    """Return special tokens for the text as a whole: links, markup, capitals."""
    special_tokens = []
    if "://" in text or "www." in text:
        special_tokens.append(f"{SPECIAL_PREFIX}links {min(len(LINK.findall(text)), 4)}")
    if "<" in text or "[" in text:
        special_tokens += [f"{SPECIAL_PREFIX}markup"] if _MARKUP.search(text) else []
    if text.isupper() and len(text) > 12:
        special_tokens.append(f"{SPECIAL_PREFIX}capitals")
    return special_tokens


def author_specials(record: Mapping[str, Any]) -> list[str]:
    """Return special tokens for the author's name, website and email domain."""
    name, website, email = (
        str(record.get(f"author_{name}") or "")[:MAX_FIELD_CHARACTERS]
        for name in ("name", "url", "email")
    )
    tokens = [f"{SPECIAL_PREFIX}name {chunk}" for chunk in name.split()]
    tokens += [f"{SPECIAL_PREFIX}site {website}"] if website.strip() else []
    tokens += [f"{SPECIAL_PREFIX}mail {email.rpartition('@')[2].lower()}"] if "@" in email else []
    return tokens


def tokenize(pre_token: str) -> list[str]:
    """Return the distinct tokens of one pre-token; it may have none."""
    plain_word = _PLAIN_WORD.fullmatch(pre_token.strip(_SURROUNDING_PUNCTUATION))
    if plain_word and not has_repeated_letters(plain_word[1].lower()):
        # The fast path: most pre-tokens are plain words.
        return _tokenize_plain_word(*plain_word.groups())
    tokens = (
        _tokenize_special(pre_token)
        if pre_token.startswith(SPECIAL_PREFIX)
        else _tokenize_chunk(pre_token)
    )
    return list(dict.fromkeys(tokens))


def _tokenize_plain_word(word: str, punctuation: str) -> list[str]:
    lowered = word.lower()
    tokens = [lowered]
    if punctuation:
        tokens.append(f"{SPECIAL_PREFIX}{punctuation[:3]}")
    if "'" in lowered:
        tokens.append(lowered.replace("'", ""))
    return [*tokens, f"{SPECIAL_PREFIX}shout"] if _is_all_caps(word) else tokens


def _tokenize_chunk(pre_token: str) -> list[str]:
    links = LINK.findall(pre_token)
    if links:
        pre_token = LINK.sub(" ", pre_token)
    tokens = [word for word in _word_variants(pre_token) if word]
    for link in links:
        tokens += _tokenize_link(link)
    if _is_all_caps(pre_token):
        tokens.append(f"{SPECIAL_PREFIX}shout")
    return tokens


def _is_all_caps(pre_token: str) -> bool:
    return pre_token.isupper() and sum(map(str.isalpha, pre_token)) > 3


def _tokenize_special(pre_token: str) -> list[str]:
    kind, _, rest = pre_token.removeprefix(SPECIAL_PREFIX).partition(" ")
    if kind == "site":
        return _tokenize_link(rest, kind="site")
    if kind == "name":
        return [
            *_word_variants(rest),
            *(f"{SPECIAL_PREFIX}name {word}" for word in _word_variants(rest)),
        ]
    return [pre_token]


def _word_variants(chunk: str) -> Iterator[str]:
    """Yield the words of a chunk: deobfuscated, as written, joined, without accents."""
    folded = fold_characters(chunk)
    plain = undo_substitutions(folded)
    yield from _split_words(plain)
    if plain != folded:
        yield from (word for word in _split_words(folded) if len(word) > 2)
    if "1" in folded and plain != folded:
        # A 1 may stand for an l as well as for an i.
        yield from _split_words(undo_substitutions(folded.replace("1", "l")))
    joined = _INNER_PUNCTUATION.sub("", plain)
    if joined != plain:
        yield from _split_words(joined)
    if not folded.isascii():
        yield from (
            word for word in _split_words("".join(map(base_letter, folded))) if word.isascii()
        )
        yield from (
            word for word in _split_words("".join(map(latin_lookalike, folded))) if word.isascii()
        )


def _split_words(chunk: str) -> Iterator[str]:
    for word in _WORD.findall(chunk):
        if word.isdigit():
            yield f"{SPECIAL_PREFIX}digits {min(len(word), 8)}"
        elif word[0].isalnum():
            yield from (
                word[i : i + MAX_WORD_CHARACTERS] for i in range(0, len(word), MAX_WORD_CHARACTERS)
            )
        else:
            yield f"{SPECIAL_PREFIX}{word[:3]}"


def _tokenize_link(link: str, *, kind: str = "link") -> list[str]:
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host, path = parts.hostname or "", parts.path
    except ValueError:
        host, path = "", ""
    labels = host.lower().removeprefix("www.").split(".")
    tokens = [f"{SPECIAL_PREFIX}{kind} suffix {labels[-1][:12]}"]
    tokens += [f"{SPECIAL_PREFIX}{kind} host {labels[-2][:40]}"] if len(labels) > 1 else []
    tokens += [f"{SPECIAL_PREFIX}{kind} deep"] if path.count("/") > 1 else []
    words = re.findall(r"[a-z]{3,}", fold_characters(link)[:MAX_FIELD_CHARACTERS])[:12]
    return [*tokens, *(f"{SPECIAL_PREFIX}in link {word[:20]}" for word in words)]
