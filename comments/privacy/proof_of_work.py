"""Proofs of work, by which a reader's browser shows that it took some trouble: ALTCHA's protocol.

A challenge (https://altcha.org/docs/v2/, PoW v2) names a salt, a nonce, and the first half of a
digest. Whoever solves it counts up until SHA-256 of salt, nonce and counter begins like that, and
sends challenge and solution back. Nothing is stored for a challenge: its parameters are signed
(HMAC-SHA256), they expire, and each serves one comment.

How far one has to count is drawn between half of the work and all of it, so that nobody counts
without an end, as with a mere prefix. Ours rather than a library: see
`docs/decisions/0251-proof-of-work.md`.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from comments.models import Site, UsedToken
from comments.privacy import used_tokens

SALT = "leave-a-reply.proof-of-work"
ALGORITHM = "SHA-256"
LIFETIME = timedelta(minutes=30)
# Bytes of a solution as it is sent: base64 of some 400 characters of JSON.
LONGEST = 2000
PREFIX_BYTES = 16


class ProofInvalid(Exception):
    """What came is no solution of a valid challenge of the site."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A right solution: what names its challenge, and until when that counts."""

    nonce: str
    expires_at: datetime


def issue(site: Site, *, now: datetime) -> dict[str, Any]:
    """Return a new challenge, as ALTCHA's solvers take it."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    work: int = settings.FLOOD_WORK
    counter = work // 2 + secrets.randbelow(work - work // 2) + 1
    parameters = {
        "algorithm": ALGORITHM,
        "cost": 1,
        "expiresAt": int((now + LIFETIME).timestamp()),
        "keyLength": 32,
        "keyPrefix": _derived(salt, nonce, counter)[:PREFIX_BYTES].hex(),
        "nonce": nonce.hex(),
        "salt": salt.hex(),
    }
    return {"parameters": parameters, "signature": _signatures(parameters, site)[0]}


def read(payload: str, site: Site, *, now: datetime) -> Proof:
    """Return the proof that was sent, base64 of JSON. Raises ProofInvalid.

    A right signature means that the parameters are as we made them.
    """
    challenge, solution = _parsed(payload)
    parameters, signature = challenge["parameters"], str(challenge.get("signature", ""))
    if not any(constant_time_compare(signature, own) for own in _signatures(parameters, site)):
        raise ProofInvalid
    expires_at = datetime.fromtimestamp(parameters["expiresAt"], UTC)
    if expires_at <= now or not _is_right(parameters, solution):
        raise ProofInvalid
    return Proof(parameters["nonce"], expires_at)


def use_of(proof: Proof, site: Site) -> UsedToken:
    """Return the row that uses a proof up, not stored: it belongs to the comment's transaction."""
    return used_tokens.use_of(f"proof {proof.nonce}", site, expires_at=proof.expires_at)


def _parsed(payload: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(payload) > LONGEST:
        raise ProofInvalid
    try:
        sent = json.loads(b64decode(payload, validate=True))
        challenge, solution = sent["challenge"], sent["solution"]
        if not all(isinstance(part, dict) for part in (challenge["parameters"], solution)):
            raise ProofInvalid
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProofInvalid from None
    return challenge, solution


def _is_right(parameters: Mapping[str, Any], solution: Mapping[str, Any]) -> bool:
    counter = solution.get("counter")
    if type(counter) is not int or not 0 <= counter < 2**32:
        return False
    salt, nonce = (bytes.fromhex(parameters[name]) for name in ("salt", "nonce"))
    derived = _derived(salt, nonce, counter).hex()
    return derived.startswith(parameters["keyPrefix"]) and derived == solution.get("derivedKey")


def _derived(salt: bytes, nonce: bytes, counter: int) -> bytes:
    return hashlib.sha256(salt + nonce + counter.to_bytes(4, "big")).digest()


def _signatures(parameters: Mapping[str, Any], site: Site) -> list[str]:
    """Return the signature of parameters at a site, under each of the signing keys."""
    canonical = json.dumps(parameters, sort_keys=True, separators=(",", ":")).encode()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.new(_key(site, key), canonical, hashlib.sha256).hexdigest() for key in keys]


def _key(site: Site, secret: str) -> bytes:
    return salted_hmac(SALT, site.slug, secret=secret, algorithm="sha256").digest()
