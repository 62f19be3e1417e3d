"""The calls about the account: usage, statistics, subscription."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from comments.http import csv
from comments.models import SiteKey
from moderation.models import AkismetUsage
from moderation.web.dialects.akismet import responses
from moderation.web.dialects.akismet.views import AkismetCall, akismet_view, needs_key

COUNTERS = ("spam", "ham", "missed_spam", "false_positives")
# Seconds that a person needs to look at one comment, for the time saved.
SECONDS_PER_SPAM = 2
ORDERS = {"total": "api_calls", **{name: name for name in COUNTERS}}
MAX_SITES = 500
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@akismet_view(reads=True)
@needs_key
def usage_limit(call: AkismetCall) -> HttpResponse:
    """Return the number of checks this month; there is no limit."""
    today = timezone.now().date()
    checks = sum(_sums(call.key, since=today.replace(day=1))[name] for name in ("spam", "ham"))
    usage = {"limit": "none", "usage": checks, "percentage": "0.00", "throttled": False}
    if call.form.get("extended", "").lower() in ("1", "true"):
        usage |= {"notice_level": "NOTICE_NONE", "upgrade": False}
    return JsonResponse(usage)


@akismet_view(reads=True)
@needs_key
def key_sites(call: AkismetCall) -> HttpResponse:
    """List the websites that used the key in a month, as JSON or CSV."""
    month = call.form.get("month", "")
    if not MONTH.fullmatch(month):
        month = timezone.now().strftime("%Y-%m")
    limit = min(_number(call.form.get("limit"), MAX_SITES), MAX_SITES)
    offset = _number(call.form.get("offset"), 0)
    rows = _sites(call.key, month, named=call.form.get("filter", ""))
    rows.sort(key=lambda row: -row[ORDERS.get(call.form.get("order", ""), "api_calls")])
    page = rows[offset : offset + limit]
    if call.form.get("format") == "csv":
        return _as_csv(month, page)
    return JsonResponse({month: page, "limit": limit, "offset": offset, "total": len(rows)})


@akismet_view(reads=True)
@needs_key
def get_stats(call: AkismetCall) -> HttpResponse:
    """Return the numbers of spam and ham in a period, by month."""
    days = {"60-days": 60, "6-months": 183}.get(call.form.get("from", ""))
    since = timezone.now().date() - timedelta(days=days) if days else date.min
    months: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTERS, 0))
    for row in AkismetUsage.objects.filter(key=call.key, day__gte=since):
        for name in COUNTERS:
            months[f"{row.day:%Y-%m}"][name] += getattr(row, name)
    sums = {name: sum(month[name] for month in months.values()) for name in COUNTERS}
    stats = {
        **sums,
        "accuracy": _accuracy(sums),
        "time_saved": sums["spam"] * SECONDS_PER_SPAM,
        "breakdown": months,
    }
    return JsonResponse(stats)


@akismet_view(reads=True)
@needs_key
def get_subscription(call: AkismetCall) -> HttpResponse:
    """Return that the subscription is active: nothing is paid for here."""
    site = call.key.site if call.key else None
    subscription = {
        "account_id": 1,
        "account_name": site.name if site else "",
        "account_type": "self-hosted",
        "status": "active",
        "next_billing_date": False,
        "limit_reached": False,
    }
    return JsonResponse(subscription)


@akismet_view()
@needs_key
def deactivate(call: AkismetCall) -> HttpResponse:
    """Acknowledge that the plugin was switched off."""
    return responses.text("deactivated")


@akismet_view(reads=True)
@needs_key
def token(call: AkismetCall) -> HttpResponse:
    """Return a placeholder token: the page it is for is Akismet's own."""
    return responses.text(call.key.pk.hex if call.key else "")


@akismet_view(reads=True)
def test(call: AkismetCall) -> HttpResponse:
    """Confirm that the service is reachable."""
    return responses.text("connected")


@akismet_view()
def verify_wpcom_key(call: AkismetCall) -> HttpResponse:
    """Refuse: keys are issued here, not through a WordPress.com account."""
    return responses.error("invalid", "Type a key that was made here.")


def _sums(key: SiteKey | None, *, since: date) -> Mapping[str, int]:
    rows = AkismetUsage.objects.filter(key=key, day__gte=since)
    sums = rows.aggregate(**{name: Sum(name) for name in COUNTERS})
    return {name: number or 0 for name, number in sums.items()}


def _sites(key: SiteKey | None, month: str, *, named: str) -> list[dict[str, Any]]:
    year, number = (int(part) for part in month.split("-"))
    rows = AkismetUsage.objects.filter(
        key=key, day__year=year, day__month=number, host__icontains=named
    )
    sums: Any = rows.values("host").annotate(**{f"n_{name}": Sum(name) for name in COUNTERS})
    return [
        {
            "site": row["host"],
            "api_calls": row["n_spam"] + row["n_ham"],
            **{name: row[f"n_{name}"] for name in COUNTERS},
            "is_revoked": False,
        }
        for row in sums.order_by("host")
    ]


def _as_csv(month: str, rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    header = ["Site", "Total API Calls", "Spam", "Ham", "Missed Spam", "False Positives"]
    table = ([row["site"], row["api_calls"], *(row[n] for n in COUNTERS)] for row in rows)
    lines = csv.lines([f"Sites of {month}"], [header, *table])
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")


def _accuracy(sums: Mapping[str, int]) -> str:
    checks = sums["spam"] + sums["ham"]
    wrong = sums["missed_spam"] + sums["false_positives"]
    return f"{100 * max(checks - wrong, 0) / checks:.2f}" if checks else "100.00"


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else default
