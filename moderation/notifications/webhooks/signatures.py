"""Signed requests, which the receiver can verify (Standard Webhooks 1.0.0).

An endpoint has a secret, kept encrypted, and for a day after a rotation its former one as well:
then a request carries two signatures, and the receiver may know either secret.
"""

import base64
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from cryptography.fernet import InvalidToken
from django.db import transaction
from standardwebhooks import Webhook as Signer

from comments.privacy import email_addresses
from moderation.models import delivery_errors
from moderation.models.deliverable import Deliverable
from moderation.models.signed_endpoint import SignedEndpoint
from moderation.notifications.webhooks import http_client

PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)

D = TypeVar("D", bound=Deliverable)


class Message(NamedTuple):
    """A message to an endpoint: its `id` stays the same however often it is sent."""

    id: str
    type: str
    timestamp: datetime
    data: Mapping[str, Any]


def new_secret() -> str:
    """Return a random secret in the format that the receivers' libraries accept."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def rotate(endpoint: SignedEndpoint, *, now: datetime) -> str:
    """Give an endpoint a new secret and return it; the former one signs, too, for a day."""
    secret = new_secret()
    endpoint = type(endpoint)._base_manager.select_for_update().get(pk=endpoint.pk)
    endpoint.former_secret, endpoint.former_until = endpoint.secret, now + OVERLAP
    endpoint.secret = email_addresses.encrypt(secret)
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    return secret


def request(endpoint: SignedEndpoint, message: Message, *, now: datetime) -> http_client.Request:
    """Return the signed request that sends a message to an endpoint at `now`."""
    payload = {
        "type": message.type,
        "timestamp": message.timestamp.isoformat(),
        "data": message.data,
    }
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    signed = headers(endpoint, message_id=message.id, body=body, now=now)
    return http_client.Request(endpoint.url, body.encode(), signed)


def requests_for(
    rows: Iterable[D], build: Callable[[D], http_client.Request], *, now: datetime
) -> list[tuple[D, http_client.Request]]:
    """Return rows with their signed requests; one whose secret can't be decrypted fails alone."""
    pairs = []
    for row in rows:
        try:
            pairs.append((row, build(row)))
        except InvalidToken:
            row.fail(delivery_errors.SECRET_LOST, now=now)
    return pairs


def headers(
    endpoint: SignedEndpoint, *, message_id: str, body: str, now: datetime
) -> dict[str, str]:
    """Return the headers of a message: id, time, and a signature with each valid secret."""
    stored = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until and now < endpoint.former_until:
        stored.append(endpoint.former_secret)
    moment = now.astimezone(UTC)
    signers = [Signer(email_addresses.decrypt(secret)) for secret in stored]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(s.sign(message_id, moment, body) for s in signers),
    }
