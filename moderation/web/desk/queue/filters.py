"""The queue's filters in query strings, in the filter form and in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from comments.models import Author, Site, Thread
from comments.text import language
from moderation.models import QueueReason
from moderation.review.queue.queue import ORDERS, QueueFilters
from moderation.web.desk.base.words import CATEGORIES, REASONS

TEXTS = (
    "site",
    "thread",
    "author",
    "campaign",
    "why",
    "category",
    "reason",
    "language",
    "q",
    "claimed",
)
SWITCHES = {
    "links": _("Has links"),
    "reported": _("Reported"),
    "escalated": _("Left to the owners"),
}
CLAIMS = {
    "me": _("Claimed by me"),
    "none": _("Claimed by nobody"),
    "others": _("Claimed by colleagues"),
}
ORDER_NAMES = {
    "priority": _("Most urgent first"),
    "oldest": _("Oldest first"),
    "newest": _("Newest first"),
    "teaching": _("What teaches most first"),
}
# The tabs: title, query string, and the name of their number in the counts.
TABS = (
    (pgettext_lazy("comments", "All"), "", "total"),
    (_("Held"), "why=SCREENED", "why.SCREENED"),
    (_("Reported"), "why=REPORTED", "why.REPORTED"),
    (_("Appeals"), "why=APPEALED", "why.APPEALED"),
    (_("Put aside"), "why=HELD", "why.HELD"),
    (_("For owners"), "escalated=1", "escalated"),
    (pgettext_lazy("comments", "Mine"), "claimed=me", "mine"),
)
MAX_LENGTH = 200


class Tab(NamedTuple):
    """A part of the queue: its query string, the name of its number, and the number now."""

    title: str | Promise
    query: str
    name: str
    is_shown: bool
    number: int


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


def tabs(queue_filters: QueueFilters, *, numbers: Mapping[str, Any]) -> list[Tab]:
    """Return the tabs with how many comments each has, from `queue.counts`."""
    current = to_query_string(queue_filters.to_json())
    return [
        Tab(title, query, name, query == current, _number(name, numbers))
        for title, query, name in TABS
    ]


def choices(queue_filters: QueueFilters, *, sites: Iterable[Site]) -> dict[str, Any]:
    """Return the choices of the filter form, as a template context."""
    return {
        "sites": list(sites),
        "whys": QueueReason.choices,
        "categories": CATEGORIES.items(),
        "reasons": [(reason.value, words.rstrip(".")) for reason, words in REASONS.items()],
        "claims": CLAIMS.items(),
        "orders": ORDER_NAMES.items(),
        "switches": [
            (name, label, getattr(queue_filters, name)) for name, label in SWITCHES.items()
        ],
        "languages": sorted(
            ((code, gettext(name)) for code, name in language.LANGUAGE_NAMES.items()),
            key=lambda item: item[1],
        ),
    }


def _number(name: str, numbers: Mapping[str, Any]) -> int:
    kind, _, value = name.partition(".")
    number = numbers[kind]
    return int(number.get(value, 0) if value else number)


def _words(name: str, value: Any, sites: Sequence[Site]) -> str:
    """Return one filter in words; the value itself where it is unknown."""
    if name in SWITCHES:
        return str(SWITCHES[name])
    known: dict[str, Mapping[str, Any]] = {
        "why": {why.value: capfirst(str(why.label)) for why in QueueReason},
        "category": CATEGORIES,
        "reason": {reason.value: words.rstrip(".") for reason, words in REASONS.items()},
        "site": {site.slug: site.name for site in sites},
        "claimed": CLAIMS,
        "language": {value: gettext(language.english_name(value))},
        "q": {value: gettext("“%(words)s”") % {"words": value}},
        "campaign": {value: gettext("Near-duplicates")},
    }
    if name in known:
        words = known[name].get(value, value)
        in_category = gettext("Category: %(name)s") % {"name": words}
        return in_category if name == "category" else str(words)
    rows: Any = Thread.objects.all() if name == "thread" else Author.objects.all()
    row = rows.filter(pk=_id(value), site__in=sites).first()
    words = gettext("Thread: %(name)s") if name == "thread" else gettext("Author: %(name)s")
    return words % {"name": row or value}


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
