"""The calibration page: score histograms, matching thresholds, agreement with another service."""

from collections.abc import Iterable, Mapping
from math import floor, sqrt
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from moderation.screening import shadow_comparison
from moderation.screening.classifier import ClassifierAway
from moderation.screening.policy import calibration
from moderation.screening.policy.calibration import STEPS, Calibration, Curve
from moderation.screening.policy.time_budget import AlreadyRunning
from moderation.screening.shadow_comparison import AccuracyRecord, Agreement
from moderation.web.desk.base.words import CATEGORIES

WIDTH, HEIGHT, FOOT = 500, 150, 22
SLOT = WIDTH / STEPS


class CalibrationForm(forms.Form):
    """The target share of held comments, and the threshold at the present service."""

    rate = forms.FloatField(
        required=False,
        min_value=0,
        max_value=100,
        label=_("Hold this share of comments, in percent"),
    )
    at = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        label=_("Your threshold at the present service, 0 to 1"),
    )


class HistogramBar(NamedTuple):
    """A bar of the histogram in SVG units, with its title."""

    x: float
    y: float
    height: float
    title: str


class ThresholdMarker(NamedTuple):
    """A threshold: its x in SVG units, and its percentage."""

    x: float
    percent: str


class CurveDrawing(NamedTuple):
    """The histogram of a category, with its current and its matching threshold."""

    name: str
    bars: list[HistogramBar]
    current: ThresholdMarker | None
    matching: ThresholdMarker | None
    held: str


class AgreementRow(NamedTuple):
    """The comparison of two services on one category, as text."""

    name: str
    agreement: Agreement
    alike: str
    ours: tuple[str, str]
    theirs: tuple[str, str]
    matching: str


def page(request: HttpRequest, site: Site) -> Mapping[str, Any]:
    """Return the template context; an invalid query is ignored."""
    form = CalibrationForm(request.GET or None)
    query = form.cleaned_data if form.is_valid() else {}
    at = query.get("at")
    at = shadow_comparison.DEFAULT_THRESHOLD if at is None else at
    result, busy = None, ""
    try:
        result = _calibration(site, query.get("rate"))
    except AlreadyRunning as error:
        busy = str(error)
    return {
        "busy": busy,
        "title": gettext("Scores and thresholds: %(site)s") % {"site": site.name},
        "site": site,
        "form": form,
        "at": at,
        "calibration": result,
        "rate": _short(100 * result.rate) if result else "",
        "typed": f"{100 * result.rate:.1f}" if result else "",
        "drawings": [_drawing(curve) for curve in result.curves] if result else [],
        "compared": [
            _agreement_row(one) for one in shadow_comparison.agreements(site, their_threshold=at)
        ],
        "width": WIDTH,
        "height": HEIGHT,
        "foot": HEIGHT - FOOT,
        "ticks": [(WIDTH * n / 4, f"{25 * n} %") for n in range(5)],
    }


def _calibration(site: Site, rate: float | None) -> Calibration | None:
    try:
        return calibration.of_site(site, rate=None if rate is None else rate / 100)
    except ClassifierAway:
        return None


def _drawing(curve: Curve) -> CurveDrawing:
    return CurveDrawing(
        name=str(CATEGORIES.get(curve.category, curve.category)),
        bars=list(_bars(curve.counts)),
        current=_mark(curve.hold_at),
        matching=_mark(curve.matching),
        held=_short(100 * curve.held),
    )


def _bars(counts: Iterable[int]) -> Iterable[HistogramBar]:
    """Yield bars with the square root of the count as height, so that small counts stay visible."""
    counts = list(counts)
    highest = sqrt(max(counts)) or 1
    for step, n in enumerate(counts):
        height = round((HEIGHT - FOOT - 10) * sqrt(n) / highest, 1)
        low, high = 100 * step // STEPS, 100 * (step + 1) // STEPS
        yield HistogramBar(SLOT * step + 1, HEIGHT - FOOT - height, height, f"{low}–{high} %: {n}")


def _mark(threshold: float | None) -> ThresholdMarker | None:
    if threshold is None or threshold > 1:
        return None
    return ThresholdMarker(round(WIDTH * threshold, 1), _threshold(threshold))


def _agreement_row(agreement: Agreement) -> AgreementRow:
    matching = agreement.matching_threshold
    return AgreementRow(
        name=str(CATEGORIES.get(agreement.category, agreement.category)),
        agreement=agreement,
        alike=_percent(agreement.agreement),
        ours=_precision_and_recall(agreement.ours),
        theirs=_precision_and_recall(agreement.theirs),
        matching="–" if matching is None else f"{_threshold(matching)}\N{NO-BREAK SPACE}%",
    )


def _precision_and_recall(record: AccuracyRecord) -> tuple[str, str]:
    return _percent(record.precision), _percent(record.recall)


def _threshold(score: float) -> str:
    """Return a score in percent, rounded down, so that typing it holds no fewer comments."""
    return _short(floor(1000 * score) / 10)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{_short(100 * share)}\N{NO-BREAK SPACE}%"


def _short(percent: float) -> str:
    number = round(percent, 1)
    return str(number_format(number, decimal_pos=int(number % 1 > 0)))
