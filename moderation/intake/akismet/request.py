"""What plugins ask and what they are told, whichever protocol they speak."""

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
    """A comment that a plugin asks about.

    `callback` is where it wants to hear more later; `answered` is what another service has said of
    it (True: spam), where the plugin tells.
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
    answered: bool | None = None

    @property
    def host(self) -> str:
        """The host of the website."""
        return host_of(self.blog)

    @property
    def may_be_called_back(self) -> bool:
        """Whether `callback` is on the website itself: no other host may be made to listen."""
        return host_of(self.callback) == self.host != ""

    @property
    def fingerprint(self) -> str:
        """By what a later call about the same comment is recognised.

        A keyed digest: it tells nothing of the comment, nor can its parts be tried out.
        """
        marks = [
            self.host,
            self.permalink,
            self.author_name,
            email_addresses.normalise_email(self.author_email),
            self.author_address,
            text_digest(self.text),
        ]
        return salted_hmac("akismet", json.dumps(marks), algorithm="sha256").hexdigest()


class CheckResult(NamedTuple):
    """What a plugin is told: spam or not, whether blatantly, and after how long to ask again."""

    is_spam: bool
    guid: UUID
    discard: bool = False
    recheck_after: int | None = None


def host_of(url: str) -> str:
    """Return the host of an address, lower case; "" for what is none."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return (parts.hostname or "").lower()
    except ValueError:
        return ""
