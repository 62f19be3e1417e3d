"""The interface of checks: subjects in, findings out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import unescape
from typing import Protocol

from comments.models import Comment
from comments.text import readable
from comments.text.hosts import host_of
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
    def text(self) -> str:
        """The text as a person reads it, with the addresses behind links."""
        return readable.of_html(self.comment.body_html)

    @cached_property
    def links(self) -> list[str]:
        """The URLs that the text links to, with repetitions."""
        return [unescape(address) for address in HREF.findall(self.comment.body_html)]

    @cached_property
    def domains(self) -> set[str]:
        """The hosts of the links and of the author's website, as `canonical` writes them."""
        return {host for url in (*self.links, self.comment.author_url) if (host := host_of(url))}


class Check(Protocol):
    """A check takes a whole batch, so that it queries the database once and not for each comment.

    It MUST NOT change anything, and MUST NOT know of other checks. The findings it yields are not
    saved yet; they are stored with the decision.
    """

    def __call__(
        self, batch: Sequence[ScreeningSubject], /
    ) -> Iterator[tuple[ScreeningSubject, Finding]]:
        """Yield findings in the batch, each with the subject it is about."""
