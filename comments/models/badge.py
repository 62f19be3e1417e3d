"""What a site says of who wrote a comment, shown beside the name."""

from enum import StrEnum
from typing import NamedTuple

LONGEST_LABEL = 40


class BadgeKind(StrEnum):
    """Who vouches for a reader, and for what: staff, the page's author, or in the site's words."""

    NONE = ""
    STAFF = "staff"
    AUTHOR = "author"
    CUSTOM = "custom"


class Badge(NamedTuple):
    """A badge; `label` are the site's own words, where the kind is CUSTOM."""

    kind: BadgeKind = BadgeKind.NONE
    label: str = ""

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return self.kind != BadgeKind.NONE


NO_BADGE = Badge()
