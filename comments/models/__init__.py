"""The models of sites, threads, comments, authors and accounts. They know nothing of moderation."""

from comments.models.author import Author, Trust
from comments.models.cache_entry import CacheEntry
from comments.models.comment import Comment, Revision
from comments.models.idempotency import IdempotencyKey
from comments.models.invitation import Invitation
from comments.models.key import KeyMode, Scope, SiteKey
from comments.models.origin import Origin
from comments.models.picture import Picture
from comments.models.refused_origin import RefusedOrigin
from comments.models.sign_on import UsedToken
from comments.models.site import Membership, Role, Site
from comments.models.subscription import Frequency, Subscriber, Subscription
from comments.models.thread import Thread
from comments.models.user import User
from comments.models.vote import Vote
from comments.status import Status

__all__ = [
    "Author",
    "CacheEntry",
    "Comment",
    "Frequency",
    "IdempotencyKey",
    "Invitation",
    "KeyMode",
    "Membership",
    "Origin",
    "Picture",
    "RefusedOrigin",
    "Revision",
    "Role",
    "Scope",
    "Site",
    "SiteKey",
    "Status",
    "Subscriber",
    "Subscription",
    "Thread",
    "Trust",
    "UsedToken",
    "User",
    "Vote",
]
