"""Signed, stateless tokens: for editing one's own comment, and for viewing a pending one.

They are signed with SECRET_KEY and hold nothing secret. Those of forms are in `form_tokens`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

from comments.models import Comment

EDIT_SALT = "leave-a-reply.edit"
MAX_EDIT_TOKENS = 50
VIEW_SALT, VIEW_TOKEN_LIFETIME = "leave-a-reply.glimpse", timedelta(hours=1)
# For so long authors follow their comments and appeal: six months, as article 20 of the Digital
# Services Act (Regulation (EU) 2022/2065) has it for complaints.
AUTHORS_TIME = timedelta(days=184)


def issue_edit_token(comment: Comment) -> str:
    """Return the token with which an author views, edits and deletes a comment.

    It ends `AUTHORS_TIME` after the time to edit, however often it is issued anew.
    """
    expires = comment.editable_until + AUTHORS_TIME
    return signing.Signer(salt=EDIT_SALT).sign(f"{comment.id.hex}.{int(expires.timestamp())}")


def read_edit_token(token: str, *, now: datetime) -> UUID | None:
    """Return the id of the comment that an edit token is for; None when forged or expired."""
    try:
        comment_id, _, expires = signing.Signer(salt=EDIT_SALT).unsign(token).partition(".")
        return UUID(comment_id) if now <= datetime.fromtimestamp(int(expires), UTC) else None
    except (signing.BadSignature, ValueError):
        return None


def read_edit_tokens(tokens: Sequence[str], *, now: datetime) -> set[UUID]:
    """Return the ids of the comments that edit tokens are for; only the first 50 are read."""
    ids = (read_edit_token(token.strip(), now=now) for token in tokens[:MAX_EDIT_TOKENS])
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
