"""Signing: what we send can be checked by who receives it (Standard Webhooks 1.0.0).

A sender has a secret, kept encrypted, and after a rotation for a day its former one as well: then
there are two signatures, and the receiver may know either.
"""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import Protocol

from standardwebhooks import Webhook as Signer

from comments.privacy import email_addresses

PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)


class SigningKeys(Protocol):
    """What signs: a webhook, or an external moderator."""

    secret: str
    former_secret: str
    former_until: datetime | None


def new_secret() -> str:
    """Return a secret as the receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def renew(sender: SigningKeys, *, now: datetime) -> str:
    """Give a sender a new secret and return it; the caller saves the three fields."""
    secret = new_secret()
    sender.former_secret, sender.former_until = sender.secret, now + OVERLAP
    sender.secret = email_addresses.encrypt(secret)
    return secret


def headers(sender: SigningKeys, *, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """Return the headers that go with a message: id, time, and a signature by each secret."""
    stored = [sender.secret]
    if sender.former_secret and sender.former_until and now < sender.former_until:
        stored.append(sender.former_secret)
    moment = now.astimezone(UTC)
    signers = [Signer(email_addresses.decrypt(secret)) for secret in stored]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(s.sign(message_id, moment, body) for s in signers),
    }
