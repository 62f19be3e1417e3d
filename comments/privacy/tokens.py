"""Signed, stateless tokens: for the comment form, for editing, and for viewing a pending comment.

They are signed with SECRET_KEY and hold nothing secret.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.core import signing

from comments.models import Comment, Site

FORM_SALT, EDIT_SALT = "leave-a-reply.form", "leave-a-reply.edit"
MAX_EDIT_TOKENS = 50
VIEW_SALT, VIEW_TOKEN_LIFETIME = "leave-a-reply.glimpse", timedelta(hours=1)
# Fields that only bots fill in (honeypot); which of them a form has changes from form to form.
DECOY_FIELDS = ("contact_email", "email_address", "your_email", "reply_email", "work_email")

TokenState = Literal["valid", "missing", "forged", "expired"]


@dataclass(frozen=True, slots=True)
class FormToken:
    """A form token that was read: its state, its age in seconds, and its nonce."""

    state: TokenState
    seconds: float | None = None
    nonce: str = ""


def issue_form_token(site: Site, *, now: datetime) -> tuple[str, str]:
    """Return a form token and the name of the decoy field (honeypot) that goes with it."""
    nonce = secrets.token_urlsafe(9)
    token = signing.dumps([site.slug, nonce, round(now.timestamp(), 3)], salt=FORM_SALT)
    choice = hashlib.sha256(nonce.encode()).digest()[0] % len(DECOY_FIELDS)
    return token, DECOY_FIELDS[choice]


def read_form_token(token: str, site: Site, *, now: datetime) -> FormToken:
    """Return the state and the age of a form token. Never raises."""
    if not token:
        return FormToken("missing")
    try:
        slug, nonce, issued = signing.loads(token, salt=FORM_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return FormToken("forged")
    if slug != site.slug:
        return FormToken("forged")
    seconds = now.timestamp() - issued
    expired = seconds > timedelta(hours=site.form_hours).total_seconds()
    return FormToken("expired" if expired else "valid", seconds, nonce)


def intake_evidence(
    form: FormToken, *, decoy_filled: bool, used_before: bool = False
) -> dict[str, Any]:
    """Return the evidence about a form, as `Comment.intake` keeps it for the checks."""
    state = "reused" if used_before and form.state == "valid" else form.state
    return {
        "decoy_filled": decoy_filled,
        "form": {"state": state, "seconds": form.seconds},
    }


def issue_edit_token(comment: Comment) -> str:
    """Return the token with which an author views, edits and deletes a comment."""
    return signing.Signer(salt=EDIT_SALT).sign(comment.id.hex)


def read_edit_token(token: str) -> UUID | None:
    """Return the id of the comment that an edit token is for; None when it is forged."""
    try:
        return UUID(signing.Signer(salt=EDIT_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def read_edit_tokens(tokens: Sequence[str]) -> set[UUID]:
    """Return the ids of the comments that edit tokens are for; only the first 50 are read."""
    ids = (read_edit_token(token.strip()) for token in tokens[:MAX_EDIT_TOKENS])
    return {comment_id for comment_id in ids if comment_id}


def issue_view_token(comment_id: UUID) -> str:
    """Return a token that shows a pending comment for an hour and permits nothing else.

    It may stand in a URL, where an edit token must not.
    """
    return signing.TimestampSigner(salt=VIEW_SALT).sign(comment_id.hex)


def read_view_token(token: str) -> UUID | None:
    """Return the id of the comment that a view token is for; None when forged or expired."""
    try:
        signer = signing.TimestampSigner(salt=VIEW_SALT)
        return UUID(signer.unsign(token, max_age=VIEW_TOKEN_LIFETIME))
    except (signing.BadSignature, ValueError):
        return None
