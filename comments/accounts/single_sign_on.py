"""Single sign-on: a site vouches for its reader with a short-lived JWT (RFC 7519, RFC 8725).

The site signs with a secret that it shares with us (HS256) or with its own Ed25519 key (EdDSA),
whose public half we have. A token is accepted once and exchanged for a reader token of ours, which
the reader's page sends along with comments.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comments.models import Site, UsedToken
from comments.privacy import email_addresses

CLAIMS = ("sub", "name", "email", "iat", "exp", "aud", "jti")
# A token that lives longer can be stolen for longer.
LONGEST_LIFE = timedelta(hours=1)
# Clocks of two machines differ.
LEEWAY = timedelta(seconds=60)
READER_LASTS = timedelta(hours=12)
LONGEST_TOKEN = 4096


class InvalidSignOnToken(Exception):
    """The token signs nobody on; the message says why, for the site's developer.

    Of a reader token that has ended, which readers come upon, it says so in their language.
    """

    code = "sign-on-refused"


class SignedOnReader(NamedTuple):
    """Somebody whom the site knows."""

    name: str
    email: str


def share_secret(site: Site) -> str:
    """Make a secret to share with a site, replacing what was; it can't be shown again."""
    secret = secrets.token_urlsafe(32)
    site.sign_on_secret = email_addresses.encrypt(secret)
    site.save(update_fields=["sign_on_secret"])
    return secret


def trust_key(site: Site, pem: str) -> None:
    """Trust a site's Ed25519 public key (PEM); raise ValueError when it is none."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("This is no Ed25519 public key in PEM.")
    site.sign_on_public_key = pem
    site.save(update_fields=["sign_on_public_key"])


def sign_on(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return whom a site's token signs on, and use it up. Raises InvalidSignOnToken."""
    claims = _read(token, site)
    _check_times(claims, now=now)
    reader = _reader(claims)
    _use_up(str(claims["jti"]), site, expires_at=_moment(claims["exp"]))
    return reader


def issue_reader(reader: SignedOnReader, *, site: Site, now: datetime) -> str:
    """Return the token with which a reader who is signed on posts at a site, for twelve hours."""
    until = (now + READER_LASTS).timestamp()
    return email_addresses.encrypt(json.dumps([str(site.pk), *reader, until]))


def read_reader(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return whom a reader token of ours names. Raises InvalidSignOnToken."""
    try:
        owner, name, email, until = json.loads(email_addresses.decrypt(token))
    except (InvalidToken, ValueError, UnicodeError):
        raise InvalidSignOnToken("This is no reader token of ours.") from None
    if owner != str(site.pk):
        raise InvalidSignOnToken("This reader token is another site's.")
    if now.timestamp() > until:
        raise InvalidSignOnToken(_("You are not signed on any more. Load this page again."))
    return SignedOnReader(name, email)


def _read(token: str, site: Site) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise InvalidSignOnToken(f"A token has {LONGEST_TOKEN} characters at most.")
    try:
        # The key belongs to the algorithm, so that nobody can sign with the public one as a secret.
        algorithm = str(jwt.get_unverified_header(token).get("alg"))
        key = _key(site, algorithm)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=site.slug,
            # The times are checked here, against the time that was passed in.
            options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise InvalidSignOnToken(f"The token can't be accepted: {error}") from None
    return claims


def _key(site: Site, algorithm: str) -> str:
    if algorithm == "HS256" and site.sign_on_secret:
        return email_addresses.decrypt(site.sign_on_secret)
    if algorithm == "EdDSA" and site.sign_on_public_key:
        return site.sign_on_public_key
    raise InvalidSignOnToken("Sign with HS256 or EdDSA, whichever this site has set up.")


def _check_times(claims: dict[str, Any], *, now: datetime) -> None:
    try:
        issued, expires = _moment(claims["iat"]), _moment(claims["exp"])
    except (TypeError, ValueError, OverflowError, OSError):
        raise InvalidSignOnToken("iat and exp are seconds since 1970.") from None
    if now > expires + LEEWAY:
        raise InvalidSignOnToken("The token has expired.")
    if issued > now + LEEWAY:
        raise InvalidSignOnToken("The token is from the future: compare the clocks.")
    if expires - issued > LONGEST_LIFE:
        raise InvalidSignOnToken("A token may live for an hour at most.")


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(float(seconds), tz=UTC)


def _reader(claims: dict[str, Any]) -> SignedOnReader:
    name, email = str(claims["name"]).strip(), str(claims["email"]).strip()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidSignOnToken("email is no email address.") from None
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise InvalidSignOnToken("name has 1 to 100 printable characters.")
    return SignedOnReader(name, email)


def _use_up(jti: str, site: Site, *, expires_at: datetime) -> None:
    digest = hashlib.sha256(jti.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedToken.objects.create(site=site, jti_digest=digest, expires_at=expires_at + LEEWAY)
    except IntegrityError:
        raise InvalidSignOnToken("This token was used before: make a new one each time.") from None
