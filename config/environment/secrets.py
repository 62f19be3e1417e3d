"""Kinds of secrets: long enough, hard to guess, and not copied from an example.

No message repeats a secret: it stands in logs.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.serialization import load_der_public_key

from config.environment.reader import Kind
from config.environment.values import several

T = TypeVar("T")
# Words of examples. None of them turns up in a key by chance: a random one holds these six
# letters in a row less than once in a billion.
EXAMPLE = re.compile(
    r"change.{0,2}me|change.{0,2}this|replace.{0,2}(me|this)|your.{0,2}(own.?)?(secret|key|token)"
    r"|insecure|example|placeholder|super.{0,2}secret|secret.{0,2}key|my.{0,2}secret|top.{0,2}secret"
    r"|not.{0,2}a?.{0,2}secret|do.{0,2}not.{0,2}use|passw(or)?d.?123|qwerty|letmein|lorem.?ipsum"
    r"|xxxxxx|foobar|the.{0,2}token|dummy",
    re.IGNORECASE,
)
# What stands in place of a password in examples of all kinds, ours included.
PLACEHOLDERS = {
    *("password", "passwort", "passwd", "pass", "secret", "token", "key", "changeme", "admin"),
    *("user", "root", "test", "default", "none", "null", "todo", "xxx", "...", "…", "***"),
    *("the-token", "the-password", "the-secret", "the-key", "postgres", "redis", "letmein"),
}
# The least number of characters: of what signs everything, and of what only opens one door.
SIGNING, OPENING = 50, 16


def is_placeholder(text: str) -> bool:
    """Return whether a secret is none, but what an example has in its place."""
    plain = text.strip("<>[]{}()\"'").lower()
    return plain in PLACEHOLDERS or len(set(plain)) < 3 or text.startswith(("<", "{{", "${"))


def strong(text: str, *, least: int) -> str:
    """Return a secret that nobody guesses; `least` is its least length in characters."""
    if is_placeholder(text) or EXAMPLE.search(text):
        raise ValueError("is an example, which everybody knows")
    if len(text) < least:
        raise ValueError(f"is too short: {len(text)} characters, of {least} at least")
    if _is_repetitive(text, least):
        raise ValueError("is too easy to guess: it repeats itself")
    return text


def _is_repetitive(text: str, least: int) -> bool:
    """Return whether a text is made of few characters, of repetitions, or of a row like 12345."""
    packed = len(zlib.compress(text.encode(), 9)) - len(zlib.compress(b"", 9))
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    in_a_row = max(steps.count(step) for step in (-1, 0, 1))
    is_periodic = text in (text + text)[1:-1]
    return (
        is_periodic
        or len(set(text)) < least // 4
        or packed < least * 0.6
        or in_a_row > len(text) // 2
    )


def email_key(text: str) -> str:
    """Return a Fernet key: 32 random bytes in URL-safe base64."""
    try:
        Fernet(text)
    except (ValueError, binascii.Error):
        raise ValueError("has a key that is no Fernet key (32 bytes in URL-safe base64)") from None
    # Random bytes are no readable text, but for once in a hundred billion keys.
    if base64.urlsafe_b64decode(text).decode("latin-1").isascii() or _is_repetitive(text, 40):
        raise ValueError("has a key that is too easy to guess: its bytes are not random")
    return text


def given(text: str) -> str:
    """Return a secret that somebody else made: only an example in its place is refused."""
    if is_placeholder(text):
        raise ValueError("is an example, which everybody knows")
    return text


def password(text: str) -> str:
    """Return a person's password."""
    if is_placeholder(text) or (len(text) < 40 and re.search(r"change.?me|passw(or)?d.?1", text)):
        raise ValueError("is an example, which everybody knows")
    if len(text) < 8:
        raise ValueError(f"is too short: {len(text)} characters, of 8 at least")
    return text


def public_key(text: str) -> str:
    """Return a public key in base64, as SendGrid shows it."""
    try:
        load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("is no public key in base64") from None
    return text


def _signing(text: str) -> str:
    return strong(text, least=SIGNING)


def _opening(text: str) -> str:
    return strong(text, least=OPENING)


def _kind(parse: Callable[[str], T], advice: str) -> Kind[T]:
    return Kind(parse, "…", advice)


MAKE_KEYS = "`python -m config.secrets DIR` makes both keys in DIR/secrets.env, for DATA_DIR=DIR."
MAKE_TOKEN = "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes one."
COPY = "Copy it from the provider's pages."
SIGNING_KEY = _kind(_signing, MAKE_KEYS)
SIGNING_KEYS = _kind(several(_signing), MAKE_TOKEN)
EMAIL_KEYS = _kind(several(email_key), MAKE_KEYS)
TOKEN = _kind(_opening, MAKE_TOKEN)
GIVEN = _kind(given, COPY)
PUBLIC_KEY = _kind(public_key, COPY)
PASSWORD = _kind(password, "Take a long one of your own.")
