"""What part of the queue the address of a page names, and how to say it in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict

from comments.models import Author, Site, Thread
from comments.text import language
from moderation.models import QueueReason
from moderation.review.queue import ORDERS, QueueFilters
from moderation.web.desk.base.wording import CATEGORIES, REASONS

TEXTS = ("site", "thread", "author", "why", "category", "reason", "language", "q", "claimed")
SWITCHES = {"links": "Has links", "reported": "Reported", "escalated": "Left to the owners"}
CLAIMS = {"me": "Claimed by me", "none": "Claimed by nobody", "others": "Claimed by colleagues"}
ORDER_NAMES = {"priority": "Most urgent first", "oldest": "Oldest first", "newest": "Newest first"}
# The parts of the queue that have a tab: title, query, and the name of their number in the counts.
TABS = (
    ("All", "", "total"),
    ("Held", "why=SCREENED", "why.SCREENED"),
    ("Reported", "why=REPORTED", "why.REPORTED"),
    ("Appeals", "why=APPEALED", "why.APPEALED"),
    ("Put aside", "why=HELD", "why.HELD"),
    ("For owners", "escalated=1", "escalated"),
    ("Mine", "claimed=me", "mine"),
)
LONGEST = 200


class FilterChip(NamedTuple):
    """A filter that is on: what it says, and the address without it."""

    words: str
    without: str


def wanted(asked: QueryDict) -> QueueFilters:
    """Return the part of the queue that is asked for; what makes no sense matches nothing."""
    texts: dict[str, Any] = {
        name: asked.get(name, "").replace("\x00", "")[:LONGEST] for name in TEXTS
    }
    switches: dict[str, Any] = {name: bool(asked.get(name)) for name in SWITCHES}
    return QueueFilters(**texts, **switches)


def order(asked: QueryDict) -> str:
    """Return one of ORDERS."""
    given = asked.get("order", "")
    return given if given in ORDERS else "priority"


def address(request: HttpRequest) -> str:
    """Return the query of the page as it narrows and orders, without the place in the pages."""
    kept = request.GET.copy()
    for name in {*kept} - {*TEXTS, *SWITCHES, "order"}:
        del kept[name]
    return kept.urlencode()


def _query(part: QueueFilters) -> str:
    return query(part.to_json())


def query(filters: Mapping[str, Any]) -> str:
    """Return the query that asks for stored filters."""
    asked = QueryDict(mutable=True)
    asked.update({name: "1" if value is True else value for name, value in filters.items()})
    return asked.urlencode()


def chips(part: QueueFilters, *, sites: Sequence[Site]) -> list[FilterChip]:
    """Return the filters that are on, in words."""
    filters = part.to_json()
    return [
        FilterChip(
            _words(name, value, sites),
            query({key: kept for key, kept in filters.items() if key != name}),
        )
        for name, value in filters.items()
    ]


def choices(part: QueueFilters, *, sites: Iterable[Site]) -> dict[str, Any]:
    """Return what the form of the filters offers, and what of it is chosen."""
    return {
        "sites": list(sites),
        "tabs": [(title, query, name, query == _query(part)) for title, query, name in TABS],
        "whys": QueueReason.choices,
        "categories": CATEGORIES.items(),
        "reasons": [(reason.value, words.rstrip(".")) for reason, words in REASONS.items()],
        "claims": CLAIMS.items(),
        "orders": ORDER_NAMES.items(),
        "switches": [(name, label, getattr(part, name)) for name, label in SWITCHES.items()],
        "languages": sorted(language.LANGUAGE_NAMES.items(), key=lambda item: item[1]),
    }


def _words(name: str, value: Any, sites: Sequence[Site]) -> str:
    """Return one filter in words; the value itself where nothing of that name is known."""
    if name in SWITCHES:
        return SWITCHES[name]
    known: dict[str, Mapping[str, str]] = {
        "why": {why.value: str(why.label).capitalize() for why in QueueReason},
        "category": CATEGORIES,
        "reason": {reason.value: words.rstrip(".") for reason, words in REASONS.items()},
        "site": {site.slug: site.name for site in sites},
        "claimed": CLAIMS,
        "language": {value: language.english_name(value)},
        "q": {value: f"“{value}”"},
    }
    if name in known:
        words = known[name].get(value, value)
        return f"Category: {words}" if name == "category" else words
    rows: Any = Thread.objects.all() if name == "thread" else Author.objects.all()
    found = rows.filter(pk=_id(value), site__in=sites).first()
    return f"{name.capitalize()}: {found or value}"


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
