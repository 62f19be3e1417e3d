"""The queue's filters in query strings, in the filter form and in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict

from comments.models import Author, Site, Thread
from comments.text import language
from moderation.models import QueueReason
from moderation.review.queue.queue import ORDERS, QueueFilters
from moderation.web.desk.base.wording import CATEGORIES, REASONS

TEXTS = ("site", "thread", "author", "why", "category", "reason", "language", "q", "claimed")
SWITCHES = {"links": "Has links", "reported": "Reported", "escalated": "Left to the owners"}
CLAIMS = {"me": "Claimed by me", "none": "Claimed by nobody", "others": "Claimed by colleagues"}
ORDER_NAMES = {"priority": "Most urgent first", "oldest": "Oldest first", "newest": "Newest first"}
# The tabs: title, query string, and the name of their number in the counts.
TABS = (
    ("All", "", "total"),
    ("Held", "why=SCREENED", "why.SCREENED"),
    ("Reported", "why=REPORTED", "why.REPORTED"),
    ("Appeals", "why=APPEALED", "why.APPEALED"),
    ("Put aside", "why=HELD", "why.HELD"),
    ("For owners", "escalated=1", "escalated"),
    ("Mine", "claimed=me", "mine"),
)
MAX_LENGTH = 200


class FilterChip(NamedTuple):
    """An active filter in words, and the query string without it."""

    words: str
    without: str


def parse(query: QueryDict) -> QueueFilters:
    """Return the filters of a query string; an invalid value matches nothing."""
    texts: dict[str, Any] = {
        name: query.get(name, "").replace("\x00", "")[:MAX_LENGTH] for name in TEXTS
    }
    switches: dict[str, Any] = {name: bool(query.get(name)) for name in SWITCHES}
    return QueueFilters(**texts, **switches)


def parse_order(query: QueryDict) -> str:
    """Return the order of a query string, one of ORDERS."""
    order = query.get("order", "")
    return order if order in ORDERS else "priority"


def without_cursor(request: HttpRequest) -> str:
    """Return the request's query string with filters and order alone, without the page's cursor."""
    query = request.GET.copy()
    for name in {*query} - {*TEXTS, *SWITCHES, "order"}:
        del query[name]
    return query.urlencode()


def to_query_string(filters: Mapping[str, Any]) -> str:
    """Return the query string of stored filters."""
    query = QueryDict(mutable=True)
    query.update({name: "1" if value is True else value for name, value in filters.items()})
    return query.urlencode()


def chips(queue_filters: QueueFilters, *, sites: Sequence[Site]) -> list[FilterChip]:
    """Return the active filters in words."""
    filters = queue_filters.to_json()
    return [
        FilterChip(
            _words(name, value, sites),
            to_query_string({key: other for key, other in filters.items() if key != name}),
        )
        for name, value in filters.items()
    ]


def choices(queue_filters: QueueFilters, *, sites: Iterable[Site]) -> dict[str, Any]:
    """Return the choices of the filter form, as a template context."""
    current = to_query_string(queue_filters.to_json())
    return {
        "sites": list(sites),
        "tabs": [(title, query, name, query == current) for title, query, name in TABS],
        "whys": QueueReason.choices,
        "categories": CATEGORIES.items(),
        "reasons": [(reason.value, words.rstrip(".")) for reason, words in REASONS.items()],
        "claims": CLAIMS.items(),
        "orders": ORDER_NAMES.items(),
        "switches": [
            (name, label, getattr(queue_filters, name)) for name, label in SWITCHES.items()
        ],
        "languages": sorted(language.LANGUAGE_NAMES.items(), key=lambda item: item[1]),
    }


def _words(name: str, value: Any, sites: Sequence[Site]) -> str:
    """Return one filter in words; the value itself where it is unknown."""
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
    row = rows.filter(pk=_id(value), site__in=sites).first()
    return f"{name.capitalize()}: {row or value}"


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
