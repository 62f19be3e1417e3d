"""Single sign-on: a site vouches for its reader with a short-lived JWT (RFC 7519, RFC 8725).

The site signs with a secret shared with us (HS256) or with its own Ed25519 key (EdDSA), whose
public key we have. A token is accepted once and exchanged for a reader token of ours, which the
reader's page sends with each comment.
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
# The longer a token is valid, the longer a stolen one can be used.
MAX_TOKEN_LIFETIME = timedelta(hours=1)
# Clocks of two machines differ.
LEEWAY = timedelta(seconds=60)
READER_TOKEN_LIFETIME = timedelta(hours=12)
MAX_TOKEN_LENGTH = 4096


class InvalidSignOnToken(Exception):
    """The token is not accepted; the message says why, to the site's developer.

    For an expired reader token, which readers meet, the message is in their language.
    """

    code = "sign-on-refused"


class SignedOnReader(NamedTuple):
    """A reader whose identity the site vouches for."""

    name: str
    email: str


def generate_secret(site: Site) -> str:
    """Set and return a new secret shared with a site; it can't be shown again."""
    secret = secrets.token_urlsafe(32)
    site.sign_on_secret = email_addresses.encrypt(secret)
    site.save(update_fields=["sign_on_secret"])
    return secret


def set_public_key(site: Site, pem: str) -> None:
    """Set a site's Ed25519 public key (PEM). Raises ValueError for anything else."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("This is no Ed25519 public key in PEM.")
    site.sign_on_public_key = pem
    site.save(update_fields=["sign_on_public_key"])


def sign_on(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return the reader that a site's token names, and use it up. Raises InvalidSignOnToken."""
    claims = _verified_claims(token, site)
    _check_times(claims, now=now)
    reader = _reader(claims)
    _mark_as_used(str(claims["jti"]), site, expires_at=_time(claims["exp"]))
    return reader


def issue_reader_token(reader: SignedOnReader, *, site: Site, now: datetime) -> str:
    """Return the token with which a signed-on reader posts at a site, for twelve hours."""
    expires = (now + READER_TOKEN_LIFETIME).timestamp()
    return email_addresses.encrypt(json.dumps([str(site.pk), *reader, expires]))


def read_reader_token(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return the reader that a reader token names. Raises InvalidSignOnToken."""
    try:
        site_id, name, email, expires = json.loads(email_addresses.decrypt(token))
    except (InvalidToken, ValueError, UnicodeError):
        raise InvalidSignOnToken("This is no reader token of ours.") from None
    if site_id != str(site.pk):
        raise InvalidSignOnToken("This reader token is another site's.")
    if now.timestamp() > expires:
        raise InvalidSignOnToken(_("You are not signed on any more. Load this page again."))
    return SignedOnReader(name, email)


def _verified_claims(token: str, site: Site) -> dict[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidSignOnToken(f"A token has {MAX_TOKEN_LENGTH} characters at most.")
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
        issued, expires = _time(claims["iat"]), _time(claims["exp"])
    except (TypeError, ValueError, OverflowError, OSError):
        raise InvalidSignOnToken("iat and exp are seconds since 1970.") from None
    if now > expires + LEEWAY:
        raise InvalidSignOnToken("The token has expired.")
    if issued > now + LEEWAY:
        raise InvalidSignOnToken("The token is from the future: compare the clocks.")
    if expires - issued > MAX_TOKEN_LIFETIME:
        raise InvalidSignOnToken("A token may live for an hour at most.")


def _time(seconds: Any) -> datetime:
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


def _mark_as_used(jti: str, site: Site, *, expires_at: datetime) -> None:
    digest = hashlib.sha256(jti.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedToken.objects.create(site=site, jti_digest=digest, expires_at=expires_at + LEEWAY)
    except IntegrityError:
        raise InvalidSignOnToken("This token was used before: make a new one each time.") from None
