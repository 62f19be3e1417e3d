"""Action links: by a signed link in an email message a moderator decides about a comment.

A link is for one moderator, revision, status and verdict. It expires after three days and works
once. It leads to a page that asks for confirmation: to open that page changes nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from comments.accounts import two_factor
from comments.models import Comment, User
from moderation.rules.outcomes import VERDICTS_OFFERED_BY_MAIL
from moderation.rules.verdicts import Verdict

SALT, LASTS = "leave-a-reply.mailed-ruling", timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ActionLink:
    """A decision that a link offers; the links of one comment in one message share the `nonce`."""

    user: int
    comment: UUID
    revision: int
    status: str
    verdict: Verdict
    nonce: str


def links(comment: Comment, user: User) -> dict[str, str]:
    """Return a URL for each verdict; none for a user with a second factor.

    Access to the mailbox must not replace the second factor.
    """
    if settings.REQUIRE_TWO_FACTOR or two_factor.is_on(user):
        return {}
    nonce = secrets.token_urlsafe(12)
    signed = [user.pk, comment.pk.hex, comment.revision, comment.status, nonce]
    signer = signing.TimestampSigner(salt=SALT)
    return {
        verdict.value: f"{settings.PUBLIC_URL}/desk/{signer.sign_object([*signed, verdict.value])}"
        for verdict in VERDICTS_OFFERED_BY_MAIL
    }


def read(token: str) -> ActionLink | None:
    """Return the decision that a link offers; None when it is not genuine, or has expired."""
    try:
        signed = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=LASTS)
        user, comment, revision, status, nonce, verdict = signed
        return ActionLink(user, UUID(comment), revision, status, Verdict(verdict), nonce)
    except (signing.BadSignature, ValueError, TypeError):
        return None
