"""Signed tokens: the form's, which tells how long it took, and the author's, which may edit.

Nothing is stored for them. They are signed with SECRET_KEY and tell nothing secret.
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
MOST_EDITS = 50
GLIMPSE_SALT, GLIMPSE_LASTS = "leave-a-reply.glimpse", timedelta(hours=1)
# Fields that only machines fill in; which of them a form shows changes from form to form.
DECOY_FIELDS = ("contact_email", "email_address", "your_email", "reply_email", "work_email")

TokenState = Literal["valid", "missing", "forged", "expired"]


@dataclass(frozen=True, slots=True)
class FormToken:
    """A form token, read: its state, its age in seconds, and the mark by which it is told apart."""

    state: TokenState
    seconds: float | None = None
    nonce: str = ""


def issue_form(site: Site, *, now: datetime) -> tuple[str, str]:
    """Return a form token and the name of the decoy field that goes with it."""
    nonce = secrets.token_urlsafe(9)
    token = signing.dumps([site.slug, nonce, round(now.timestamp(), 3)], salt=FORM_SALT)
    choice = hashlib.sha256(nonce.encode()).digest()[0] % len(DECOY_FIELDS)
    return token, DECOY_FIELDS[choice]


def read_form(token: str, site: Site, *, now: datetime) -> FormToken:
    """Return what a form token says about how the form was filled in."""
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


def evidence(form: FormToken, *, decoy_filled: bool, used_before: bool = False) -> dict[str, Any]:
    """Return what the way in showed, as `Comment.intake` keeps it for the checks."""
    state = "reused" if used_before and form.state == "valid" else form.state
    return {
        "decoy_filled": decoy_filled,
        "form": {"state": state, "seconds": form.seconds},
    }


def issue_edit(comment: Comment) -> str:
    """Return the token with which an author sees, edits and deletes a comment."""
    return signing.Signer(salt=EDIT_SALT).sign(comment.id.hex)


def read_edit(token: str) -> UUID | None:
    """Return the id of the comment that a token is for, or None when it is not genuine."""
    try:
        return UUID(signing.Signer(salt=EDIT_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def read_edits(tokens: Sequence[str]) -> set[UUID]:
    """Return the comments that tokens are for; of more than 50 the rest is not looked at."""
    ids = (read_edit(token.strip()) for token in tokens[:MOST_EDITS])
    return {comment_id for comment_id in ids if comment_id}


def issue_glimpse(comment_id: UUID) -> str:
    """Return a token that shows a pending comment for an hour and can do nothing else.

    It may stand in an address, where an edit token must not.
    """
    return signing.TimestampSigner(salt=GLIMPSE_SALT).sign(comment_id.hex)


def read_glimpse(token: str) -> UUID | None:
    """Return the id of the comment that a glimpse is of, or None when it is not valid any more."""
    try:
        signer = signing.TimestampSigner(salt=GLIMPSE_SALT)
        return UUID(signer.unsign(token, max_age=GLIMPSE_LASTS))
    except (signing.BadSignature, ValueError):
        return None
