"""Signing in with a second factor: setting it up, asking for it, taking it away."""

import base64
import hashlib
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.fernet import InvalidToken
from django.db import transaction
from django_otp.oath import TOTP

from comments.models import Authenticator, RecoveryCode, User
from comments.privacy import email_addresses

ISSUER = "Leave a Reply"
STEP = 30
# A clock may be wrong by so many steps, and a code typed so late.
TOLERANCE = 1
CODES = 10
# Neither letters nor digits that are taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCode(Exception):
    """The code is not the one that the app shows, and no recovery code that is left."""


class TooSoon(WrongCode):
    """After wrong codes, the next one must wait; `until` is for how long."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many wrong codes.")
        self.until = until


def new_secret() -> str:
    """Return a fresh secret in Base32, 160 bits (RFC 4226, section 4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, user: User) -> str:
    """Return what the QR code says: the address by which apps take a secret."""
    label = quote(f"{ISSUER}:{user.email}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


@transaction.atomic
def set_up(user: User, *, secret: str, code: str, now: datetime) -> list[str]:
    """Make `secret` the second factor of a user who shows a code of it, and return recovery codes.

    What was there before is replaced. Raises WrongCode.
    """
    step = _step(secret, code, after=-1, now=now)
    if step is None:
        raise WrongCode("This is not the code that the app shows.")
    remove(user)
    Authenticator.objects.create(
        user=user,
        name="Authenticator",
        secret=email_addresses.encrypt(secret),
        last_step=step,
        created_at=now,
    )
    return renew_codes(user)


def of(user: User) -> Authenticator | None:
    """Return a user's authenticator; None for who signs in with a password alone."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def verify(user: User, code: str, *, now: datetime) -> Authenticator:
    """Return the user's authenticator when the code is right; a recovery code is used up.

    Raises WrongCode, or TooSoon while wrong codes are waited off: 1, 2, 4 … seconds.
    """
    # Raised outside of the transaction, so that a wrong code is counted.
    with transaction.atomic():
        outcome = _try(user, code, now=now)
    if isinstance(outcome, WrongCode):
        raise outcome
    return outcome


def codes_left(user: User) -> int:
    """Return how many recovery codes a user has."""
    return RecoveryCode.objects.filter(user=user).count()


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """Return fresh recovery codes, to be shown once; former ones are worth nothing any more."""
    codes = ["-".join(_random(5) for _ in range(2)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(c)) for c in codes)
    return codes


@transaction.atomic
def remove(user: User) -> bool:
    """Take a user's second factor away, and tell whether there was one."""
    RecoveryCode.objects.filter(user=user).delete()
    number, _ = Authenticator.objects.filter(user=user).delete()
    return number > 0


def reencrypt() -> None:
    """Bring the secrets under the newest key."""
    for authenticator in Authenticator.objects.order_by("pk").iterator():
        try:
            secret = email_addresses.reencrypt(authenticator.secret)
        except InvalidToken:
            continue
        Authenticator.objects.filter(pk=authenticator.pk).update(secret=secret)


def _try(user: User, code: str, *, now: datetime) -> Authenticator | WrongCode:
    authenticator = Authenticator.objects.select_for_update().filter(user=user).first()
    if authenticator is None:
        return WrongCode("There is no second factor to ask for.")
    allowed, why = authenticator.verify_is_allowed()
    if not allowed:
        return TooSoon(why["locked_until"])
    if not _is_right(authenticator, code, now=now):
        authenticator.throttle_increment()
        return WrongCode("This code is not right.")
    authenticator.throttle_reset()
    return authenticator


def _is_right(authenticator: Authenticator, code: str, *, now: datetime) -> bool:
    typed = "".join(code.split()).lower()
    if not typed.isdecimal():
        used, _ = RecoveryCode.objects.filter(
            user=authenticator.user, digest=_digest(typed)
        ).delete()
        return used > 0
    secret = email_addresses.decrypt(authenticator.secret)
    step = _step(secret, typed, after=authenticator.last_step, now=now)
    if step is not None:
        authenticator.last_step = step
    return step is not None


def _step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the step of which the code is, if it is a later one than `after`."""
    typed = "".join(code.split())
    if not (len(typed) == 6 and typed.isdecimal() and typed.isascii()):
        return None
    clock = TOTP(base64.b32decode(secret), step=STEP)
    clock.time = now.timestamp()
    is_right = clock.verify(int(typed), tolerance=TOLERANCE, min_t=after + 1)
    return clock.t() if is_right else None


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(code: str) -> str:
    # The codes are random (about 50 bits) and tries are throttled: a plain digest will do.
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
