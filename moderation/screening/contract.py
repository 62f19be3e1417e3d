"""What a check is given, and what it gives back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import unescape
from typing import Protocol
from urllib.parse import urlsplit

from comments.models import Comment
from moderation.models import Finding
from moderation.rules.verdicts import Rules

HREF = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class ScreeningSubject:
    """A comment under screening, with the rules of its site and the time of the screening."""

    comment: Comment
    rules: Rules
    now: datetime

    @cached_property
    def links(self) -> list[str]:
        """The addresses that the comment's text links to, as often as it does."""
        return [unescape(address) for address in HREF.findall(self.comment.body_html)]

    @cached_property
    def domains(self) -> set[str]:
        """The hosts of those addresses and of the author's website, lower case."""
        return {host for url in (*self.links, self.comment.author_url) if (host := _host(url))}


class Check(Protocol):
    """A check looks at a whole batch, so that it asks the database once and not once a comment.

    It MUST NOT change anything, and MUST NOT know of other checks. The findings it yields are not
    saved yet; `screening` attaches them to a decision.
    """

    def __call__(
        self, batch: Sequence[ScreeningSubject], /
    ) -> Iterator[tuple[ScreeningSubject, Finding]]:
        """Yield what there is to find in the batch, each with the subject it is about."""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
