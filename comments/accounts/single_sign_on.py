"""Single sign-on: a site vouches for its reader with a short-lived JWT (RFC 7519, RFC 8725).

The site signs with a secret shared with us (HS256) or with its own Ed25519 key (EdDSA), whose
public key we have. A token is accepted once and exchanged for a reader token of ours, which the
reader's page sends with each comment.
"""

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
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from comments.accounts import pictures, shared_secrets
from comments.accounts.shared_secrets import SecretUse
from comments.models import Site
from comments.models.badge import LONGEST_LABEL, NO_BADGE, Badge, BadgeKind
from comments.privacy import email_addresses, names, used_tokens
from comments.text import visible

# What the claim `role` is shown as; any other is shown as nothing.
ROLES = {
    "author": BadgeKind.AUTHOR,
    **dict.fromkeys(("staff", "admin", "administrator", "editor", "moderator"), BadgeKind.STAFF),
}
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
    """A reader whose identity the site vouches for; the name is "" where it shows an address."""

    name: str
    email: str
    badge: Badge = NO_BADGE
    # The id of a `Picture`; "" for the drawn one.
    picture: str = ""


def generate_secret(site: Site) -> str:
    """Set and return a new secret shared with a site; the one until now stays valid, too."""
    secret = secrets.token_urlsafe(32)
    shared_secrets.replace(site, SecretUse.SIGN_ON, secret)
    return secret


def set_public_key(site: Site, pem: str) -> None:
    """Set a site's Ed25519 public key (PEM), or none (""). Raises ValueError for anything else."""
    if pem:
        _check_public_key(pem)
    site.sign_on_public_key = pem
    site.save(update_fields=["sign_on_public_key"])


def _check_public_key(pem: str) -> None:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(gettext("This is no Ed25519 public key in PEM."))


def sign_on(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return the reader that a site's token names, and use it up. Raises InvalidSignOnToken."""
    claims = _verified_claims(token, site)
    _check_times(claims, now=now)
    reader = _reader(claims)
    if not used_tokens.use_up(str(claims["jti"]), site, expires_at=_time(claims["exp"]) + LEEWAY):
        raise InvalidSignOnToken("This token was used before: make a new one each time.")
    picture = pictures.remember(site, _picture_url(claims), now=now)
    return reader._replace(picture=picture.hex if picture else "")


def issue_reader_token(reader: SignedOnReader, *, site: Site, now: datetime) -> str:
    """Return the token with which a signed-on reader posts at a site, for twelve hours."""
    expires = (now + READER_TOKEN_LIFETIME).timestamp()
    return email_addresses.encrypt(json.dumps([str(site.pk), *reader, expires]))


def read_reader_token(token: str, *, site: Site, now: datetime) -> SignedOnReader:
    """Return the reader that a reader token names. Raises InvalidSignOnToken."""
    try:
        site_id, name, email, badge, picture, expires = json.loads(email_addresses.decrypt(token))
        reader = SignedOnReader(name, email, Badge(BadgeKind(badge[0]), badge[1]), picture)
    except (InvalidToken, ValueError, TypeError, UnicodeError):
        raise InvalidSignOnToken("This is no reader token of ours.") from None
    if site_id != str(site.pk):
        raise InvalidSignOnToken("This reader token is another site's.")
    if now.timestamp() > expires:
        raise InvalidSignOnToken(_("You are not signed on any more. Load this page again."))
    return reader


def _verified_claims(token: str, site: Site) -> dict[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise InvalidSignOnToken(f"A token has {MAX_TOKEN_LENGTH} ASCII characters at most.")
    try:
        # The key belongs to the algorithm, so that nobody can sign with the public one as a secret.
        algorithm = str(jwt.get_unverified_header(token).get("alg"))
        signing_key = _signing_key(token, site, algorithm)
        claims: dict[str, Any] = jwt.decode(
            token,
            signing_key,
            algorithms=[algorithm],
            audience=site.slug,
            # The times are checked here, against the time that was passed in.
            options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise InvalidSignOnToken(f"The token can't be accepted: {error}") from None
    return claims


def _signing_key(token: str, site: Site, algorithm: str) -> str:
    """Return the key that a token is signed with, or the newest one, which then refuses it.

    All are tried, so that the time taken does not tell which of them it was.
    """
    keys = _keys(site, algorithm)
    matching = [key for key in keys if _is_signed(token, key, algorithm)]
    return (matching or keys)[0]


def _is_signed(token: str, key: str, algorithm: str) -> bool:
    try:
        jwt.api_jws.decode(token, key, algorithms=[algorithm])
    except jwt.InvalidSignatureError:
        return False
    return True


def _keys(site: Site, algorithm: str) -> list[str]:
    """Return the keys for an algorithm, the newest first; at least one, or InvalidSignOnToken."""
    if algorithm == "EdDSA" and site.sign_on_public_key:
        return [site.sign_on_public_key]
    if algorithm == "HS256" and shared_secrets.is_set(site, SecretUse.SIGN_ON):
        if keys := shared_secrets.valid(site, SecretUse.SIGN_ON):
            return keys
        raise InvalidSignOnToken("The secret of this site can't be read any more: make a new one.")
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
    name, email = visible.one_line(str(claims["name"]))[:100], str(claims["email"]).strip()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidSignOnToken("email is no email address.") from None
    if not visible.is_visible(name):
        raise InvalidSignOnToken("name has nothing in it that can be seen.")
    # Some sites name people by their addresses: those readers post, and are shown as anonymous.
    return SignedOnReader(names.public_name(name, email=email), email, _badge(claims))


def _badge(claims: dict[str, Any]) -> Badge:
    """Return the badge that a site's token claims: by `badge` in its words, or by `role`."""
    label = visible.one_line(str(claims.get("badge") or ""))[:LONGEST_LABEL]
    if visible.is_visible(label) and not names.contains_address(label):
        return Badge(BadgeKind.CUSTOM, label)
    return Badge(ROLES.get(str(claims.get("role") or "").lower(), BadgeKind.NONE))


def _picture_url(claims: dict[str, Any]) -> str:
    """Return the address of the picture that a site's token claims; "" for none of the web."""
    url = str(claims.get("avatar") or "").strip()
    return url if url.lower().startswith(("https://", "http://")) else ""
