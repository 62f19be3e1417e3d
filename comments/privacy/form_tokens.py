"""Form tokens: signed, bound to one site, one act and one visitor; for a comment, used up by it.

A token is no secret between the reader and us. It proves that whoever sends a form was given it,
here and lately: a token that was fetched from one network does not serve readers in another.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from comments.models import Site, UsedToken
from comments.privacy import used_tokens
from comments.privacy.email_addresses import visitor_network

FORM_SALT, VISITOR_SALT = "leave-a-reply.form", "leave-a-reply.visitor"
# Fields that only bots fill in (honeypot); which of them a form has changes from form to form. No
# name has a word that browsers or password managers take for a name, address, phone or URL.
DECOY_FIELDS = (
    "afterthought",
    "side_remark",
    "further_remark",
    "second_remark",
    "closing_remark",
)

TokenState = Literal["valid", "missing", "forged", "expired", "foreign"]


class Act(StrEnum):
    """What a form does. Forms of private pages add what their link is about."""

    COMMENT = "comment"
    VOTE = "vote"
    REPORT = "report"


class Visitor(NamedTuple):
    """Whom a token is given to: the network of an IP address, and a browser by its User-Agent.

    Readers on the move change their address within a network, so the network counts, /24 or /64.
    """

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class FormToken:
    """A form token that was read: its state, its age in seconds, and its nonce.

    `foreign` is a genuine token of another visitor.
    """

    state: TokenState
    seconds: float | None = None
    nonce: str = ""


def issue_form_token(
    site: Site, *, visitor: Visitor, now: datetime, act: str = Act.COMMENT
) -> tuple[str, str]:
    """Return a form token and the name of the decoy field (honeypot) that goes with it."""
    nonce = secrets.token_urlsafe(9)
    issued = round(now.timestamp(), 3)
    bound = _bindings(visitor, nonce)[0]
    token = signing.dumps([site.slug, act, nonce, issued, bound], salt=FORM_SALT)
    choice = hashlib.sha256(nonce.encode()).digest()[0] % len(DECOY_FIELDS)
    return token, DECOY_FIELDS[choice]


def read_form_token(
    token: str, site: Site, *, visitor: Visitor, now: datetime, act: str = Act.COMMENT
) -> FormToken:
    """Return the state and the age of a form token. Never raises."""
    if not token:
        return FormToken("missing")
    try:
        slug, made_for, nonce, issued, bound = signing.loads(token, salt=FORM_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return FormToken("forged")
    if (slug, made_for) != (site.slug, act):
        return FormToken("forged")
    seconds = now.timestamp() - issued
    if seconds > timedelta(hours=site.form_hours).total_seconds():
        return FormToken("expired", seconds, nonce)
    fits = any(constant_time_compare(bound, own) for own in _bindings(visitor, nonce))
    return FormToken("valid" if fits else "foreign", seconds, nonce)


def use_of(form: FormToken, site: Site, *, now: datetime) -> UsedToken | None:
    """Return the row that uses a token up for one comment, not stored; None where there is none.

    Belongs into the transaction of the comment: of two comments with one token at once, the second
    waits for the first. Only the token of a form that could count as new is kept.
    """
    if form.state not in ("valid", "foreign"):
        return None
    until = now + timedelta(hours=site.form_hours)
    return used_tokens.use_of(f"form {form.nonce}", site, expires_at=until)


def intake_evidence(
    form: FormToken, *, decoy_filled: bool, used_before: bool = False
) -> dict[str, Any]:
    """Return the evidence about a form, as `Comment.intake` keeps it for the checks."""
    return {
        "decoy_filled": decoy_filled,
        "form": {"state": "reused" if used_before else form.state, "seconds": form.seconds},
    }


def _bindings(visitor: Visitor, nonce: str) -> list[str]:
    """Return what stands for the visitor in a token, under each of the signing keys.

    With the nonce in it, two tokens do not tell that they were given to the same visitor.
    """
    value = f"{nonce} {visitor_network(visitor.address)} {visitor.user_agent}"
    return [
        salted_hmac(VISITOR_SALT, value, secret=key, algorithm="sha256").hexdigest()[:24]
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
