"""What a reader sent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from comments.models.badge import NO_BADGE, Badge
from comments.threads.subscriptions import SubscriptionChoice
from comments.threads.threads import PageReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a reader sent; `intake` is data for the checks: decoy field, form token."""

    page: PageReference
    body: str
    parent: UUID | None = None
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    address: str = ""
    user_agent: str = ""
    language: str = ""
    notify: SubscriptionChoice = SubscriptionChoice.NOTHING
    # What the site's sign-on says of the reader.
    badge: Badge = NO_BADGE
    picture: str = ""
    # Whether the email address is known to be the reader's own.
    verified: bool = False
    # The comments whose edit tokens the reader's browser sent.
    own_comments: Collection[UUID] = ()
    intake: dict[str, Any] = field(default_factory=dict)
