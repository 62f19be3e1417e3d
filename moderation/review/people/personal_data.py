"""Find what a site holds under an email address.

What was written without one can't be told apart from anybody else's.
"""

from collections.abc import Sequence
from typing import Any

from comments.models import Author, Site, Subscription
from comments.privacy import email_addresses
from moderation.models import Ban, Mail
from moderation.models.ban import BanTarget


def authors_of(site: Site, email: str) -> Any:
    """Return the authors with this address."""
    return Author.objects.filter(site=site, email_digest__in=email_addresses.email_digests(email))


def bans_of(site: Site, email: str) -> Any:
    """Return the bans of this address."""
    digests = email_addresses.email_digests(email)
    return Ban.objects.filter(site=site, target=BanTarget.EMAIL, value__in=digests)


def mails_of(site: Site, email: str) -> Any:
    """Return the mails to this address."""
    return Mail.objects.filter(site=site, recipient_digest__in=email_addresses.email_digests(email))


def subscriptions_of(authors: Sequence[Author]) -> Any:
    """Return the subscriptions of these authors, with their threads."""
    subscriptions = Subscription.objects.filter(subscriber__author__in=authors)
    return subscriptions.select_related("thread")
