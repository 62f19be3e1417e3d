"""The statistics page: counts of a period as charts and CSV, and the transparency report."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.http import csv
from comments.models import Site
from moderation.insight import statistics, transparency
from moderation.web.desk.base.permissions import sites_of
from moderation.web.desk.base.wording import blamed_in_words, duration_in_words
from moderation.web.desk.base.words import CATEGORIES
from moderation.web.desk.insight import charts
from moderation.web.shared import statistics_tables

LONGEST = 366
KINDS = {
    "approved": _("Published"),
    "held": _("Held"),
    "pending": _("Not screened yet"),
    "rejected": _("Rejected"),
    "spam": _("Spam"),
    "deleted": _("Deleted"),
}
AGES = {
    "1h": _("Less than an hour"),
    "6h": _("1 to 6 hours"),
    "1d": _("6 to 24 hours"),
    "3d": _("1 to 3 days"),
    "7d": _("3 to 7 days"),
    "older": _("More than a week"),
}
PERIODS = {_("7 days"): 7, _("30 days"): 30, _("90 days"): 90, _("A year"): 365}


class StatisticsForm(forms.Form):
    """The period and the site, from the query; invalid values are ignored."""

    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    site = forms.SlugField(required=False)

    def period(self, today: date) -> tuple[date, date]:
        """Return the first and the last day; the last 30 days by default."""
        self.full_clean()
        until = self.cleaned_data.get("until") or today
        since = self.cleaned_data.get("since") or until - timedelta(days=29)
        is_sensible = timedelta() <= until - since < timedelta(days=LONGEST)
        return (since, until) if is_sensible else (until - timedelta(days=29), until)


def page(request: HttpRequest) -> HttpResponse:
    """Show the statistics of a period."""
    sites, (since, until), chosen = _query(request)
    now = timezone.now()
    counts = statistics.compute(chosen, since=since, until=until, now=now)
    filters: dict[str, Any] = {"since": since, "until": until, "site": request.GET.get("site", "")}
    kinds = {kind: str(label) for kind, label in KINDS.items()}
    context = {
        **admin.site.each_context(request),
        "title": gettext("Figures"),
        "sites": sites,
        "filters": filters,
        "query": urlencode(filters),
        "periods": _periods(now.date(), filters),
        "tiles": _tiles(counts),
        "received": charts.columns(counts["received_by_day"], kinds, since=since, until=until),
        "kinds": kinds.items(),
        "days": [
            (day["day"], [day.get(kind, 0) for kind in KINDS]) for day in counts["received_by_day"]
        ],
        "ages": _bars((AGES[age], n) for age, n in counts["ages"].items()),
        "precision": _precision(counts["precision"]),
        "audit": _audit(counts["blind_audit"]),
        "threads": _of(counts["threads"], "comments"),
        "load": _of(counts["load"], "decisions"),
        "report_sites": chosen,
        "years": range(now.year, now.year - 3, -1),
    }
    return TemplateResponse(request, "desk/statistics.html", context)


def table(request: HttpRequest, name: str) -> HttpResponse:
    """Return one of the tables as CSV."""
    if name not in statistics_tables.NAMES:
        raise Http404
    _, (since, until), chosen = _query(request)
    counts = statistics.compute(chosen, since=since, until=until, now=timezone.now())
    header, rows = statistics_tables.table(counts, name)
    answer: HttpResponse = csv.answer(f"{name}-{since}-{until}", header, rows)
    return answer


def report(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """Return the transparency report of a site and year, as JSON or CSV."""
    if not 2000 <= year <= 9998 or kind not in ("json", "csv"):
        raise Http404
    site = get_object_or_404(sites_of(request), slug=request.GET.get("site", ""))
    numbers, name = transparency.report(site, year), f"transparency-{site.slug}-{year}"
    if kind == "json":
        disposition = {"Content-Disposition": f'attachment; filename="{name}.json"'}
        return JsonResponse(numbers, json_dumps_params={"indent": 2}, headers=disposition)
    answer: HttpResponse = csv.answer(name, transparency.HEADER, transparency.rows(numbers))
    return answer


def _query(request: HttpRequest) -> tuple[list[Site], tuple[date, date], list[Site]]:
    sites = list(sites_of(request))
    slug = request.GET.get("site", "")
    chosen = [site for site in sites if slug in ("", site.slug)]
    return sites, StatisticsForm(request.GET).period(timezone.now().date()), chosen


def _periods(today: date, filters: dict[str, Any]) -> list[dict[str, Any]]:
    periods = []
    for name, days in PERIODS.items():
        period = {"since": today - timedelta(days=days - 1), "until": today}
        is_chosen = all(filters[bound] == day for bound, day in period.items())
        query = urlencode({**filters, **period})
        periods.append({"name": name, "query": query, "is_chosen": is_chosen})
    return periods


def _tiles(counts: dict[str, Any]) -> list[dict[str, str]]:
    automated, agreement = counts["automated"], counts["agreement"]
    settled = automated["by_rules"] + automated["by_people"]
    looked_at = agreement["confirmed"] + agreement["changed"]
    of_settled = gettext("of %(number)s that are settled") % {"number": _grouped(settled)}
    with_verdicts = gettext("with %(number)s verdicts of the rules that they looked at") % {
        "number": _grouped(looked_at)
    }
    return [
        _tile(gettext("Came in"), _grouped(counts["received"]), gettext("comments")),
        _tile(gettext("Settled by the rules"), _share(automated["by_rules"], settled), of_settled),
        _tile(
            gettext("Time to a decision"),
            duration_in_words(counts["seconds_to_decision"]),
            gettext("from arrival; half are faster"),
        ),
        _tile(
            gettext("Time in the queue"),
            duration_in_words(counts["seconds_waited"]),
            gettext("where a person looked; half are faster"),
        ),
        _tile(gettext("Wait now"), _grouped(counts["waiting"]), gettext("for a person")),
        _tile(
            gettext("People agreed"),
            _share(agreement["confirmed"], looked_at) if looked_at else "–",
            with_verdicts,
        ),
    ]


def _tile(label: str, value: str, beside: str) -> dict[str, str]:
    return {"label": label, "value": value, "beside": beside}


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _share(part: int, whole: int) -> str:
    return f"{charts.share(part, whole)} %"


def _bars(rows: Any) -> list[dict[str, Any]]:
    rows = list(rows)
    most = max((n for _, n in rows), default=0)
    return [{"label": label, "n": n, "share": charts.share(n, most)} for label, n in rows]


def _of(rows: list[dict[str, Any]], measure: str) -> list[dict[str, Any]]:
    most = max((row[measure] for row in rows), default=0)
    return [{**row, "share": charts.share(row[measure], most)} for row in rows]


def _precision(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "label": _ground(row),
            "percent": round(100 * row["precision"]),
            "between": _between(row, 0),
            "card": _promised(row["promised"]),
            "total": row["refused"] + row["approved"],
        }
        for row in rows
    ]


def _between(row: dict[str, Any], digits: int) -> str:
    low, high = (number_format(100 * row[end], digits) for end in ("low", "high"))
    return gettext("%(low)s to %(high)s %%") % {"low": low, "high": high}


AUDITED = {
    "published": _("Published, and refused by who looked"),
    "refused": _("Refused, and published by who looked"),
    "held": _("Held, and published by who looked"),
}


def _audit(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "label": AUDITED[row["outcome"]],
            "percent": charts.share(row["wrong"], row["looked_at"]),
            "between": _between(row, 1),
        }
        for row in rows
        if row["looked_at"]
    ]


def _ground(row: dict[str, Any]) -> str:
    """Return what was found, and for a category by whom: "Toxicity (classifier)"."""
    label = blamed_in_words(row["ground"])
    return f"{label} ({row['source']})" if row["ground"] in CATEGORIES else label


def _promised(share: float | None) -> str:
    if share is None:
        return ""
    return gettext("card: %(share)s %%") % {"share": f"{100 * share:.0f}"}
