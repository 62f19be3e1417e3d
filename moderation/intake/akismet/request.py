"""Requests and results of checks for clients of the Akismet protocol."""

import json
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.crypto import salted_hmac

from comments.models.comment import text_digest
from comments.privacy import email_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """A comment to check.

    `callback` is the URL for a later verdict; `their_verdict` is that of the site's present
    service (True: spam), where the client sends it.
    """

    blog: str
    text: str
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    author_address: str = ""
    user_agent: str = ""
    permalink: str = ""
    decoy_filled: bool = False
    is_administrator: bool = False
    is_test: bool = False
    callback: str = ""
    post_id: str = ""
    their_verdict: bool | None = None

    @property
    def host(self) -> str:
        """The host of the website, in lower case."""
        return host_of(self.blog)

    @property
    def is_callback_allowed(self) -> bool:
        """Whether `callback` is on the website itself: we must not be made to call other hosts."""
        return host_of(self.callback) == self.host != ""

    @property
    def fingerprint(self) -> str:
        """A keyed digest by which a later request about the same comment is recognised.

        Without the key nobody can find out what is in it by trying.
        """
        parts = [
            self.host,
            self.permalink,
            self.author_name,
            email_addresses.normalise_email(self.author_email),
            self.author_address,
            text_digest(self.text),
        ]
        return salted_hmac("akismet", json.dumps(parts), algorithm="sha256").hexdigest()


class CheckResult(NamedTuple):
    """Spam or not, whether to discard it unseen, and in how many seconds to check again."""

    is_spam: bool
    guid: UUID
    discard: bool = False
    recheck_after: int | None = None


def host_of(url: str) -> str:
    """Return the host of a URL in lower case; "" when there is none."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return (parts.hostname or "").lower()
    except ValueError:
        return ""
