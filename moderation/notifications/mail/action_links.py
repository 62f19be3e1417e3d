"""Links in mails by which a moderator decides: signed, for one person, text and verdict.

A link names the comment and the revision that the mail showed. It lasts for three days and works
once; it leads to a page that asks, and a look at that page changes nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from comments.accounts import two_factor
from comments.models import Comment, User
from moderation.rules.verdicts import Verdict

SALT, LASTS = "leave-a-reply.mailed-ruling", timedelta(days=3)
OFFERED = (Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM)


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a link says: who decides what about which text; `mark` is shared by its siblings."""

    user: int
    comment: UUID
    revision: int
    status: str
    verdict: Verdict
    mark: str


def links(comment: Comment, user: User) -> dict[str, str]:
    """Return an address for each verdict; none for who signs in with a second factor.

    A mailbox must not stand in for it.
    """
    if settings.REQUIRE_TWO_FACTOR or two_factor.is_on(user):
        return {}
    mark = secrets.token_urlsafe(12)
    said = [user.pk, comment.pk.hex, comment.revision, comment.status, mark]
    signer = signing.TimestampSigner(salt=SALT)
    return {
        verdict.value: f"{settings.PUBLIC_URL}/desk/{signer.sign_object([*said, verdict.value])}"
        for verdict in OFFERED
    }


def read(token: str) -> Mailed | None:
    """Return what a link says; None when it is not genuine, or older than three days."""
    try:
        said = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=LASTS)
        user, comment, revision, status, mark, verdict = said
        return Mailed(user, UUID(comment), revision, status, Verdict(verdict), mark)
    except (signing.BadSignature, ValueError, TypeError):
        return None
