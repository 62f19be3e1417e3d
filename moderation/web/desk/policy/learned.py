"""The page of what a site's classifier has learned, how good it is, and which one scores."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Role, Site
from moderation.insight import audited_thresholds
from moderation.insight.audited_thresholds import Suggestion
from moderation.insight.precision import wilson
from moderation.models import LearningState, Policy, SiteClassifier
from moderation.models.policy_choices import LEARNING
from moderation.rules.learning import LearningMode
from moderation.screening import classifier
from moderation.screening.learning import corrections, promotion, records
from moderation.screening.learning.candidates import LEAST_LESSONS
from moderation.screening.learning.evaluation import LEAST_TESTED
from moderation.screening.policy.revisions import set_policy
from moderation.web.desk.base.permissions import has_role_at, sites_of, user_of
from moderation.web.desk.base.words import CATEGORIES
from moderation.web.desk.policy import learning_curve
from moderation.web.desk.policy.simulation import policy_context

MAX_DIGITS = 9
REFUSED = (
    promotion.CannotPromote,
    promotion.NothingToRollBack,
    corrections.NoSuchWord,
)


def start(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the first of the user's sites."""
    first = sites_of(request).first()
    if first is None:
        raise Http404
    return redirect("desk_learned_site", first.slug)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was learned at a site; what an owner posts as `act` is done first."""
    sites = list(sites_of(request))
    site = get_object_or_404(sites_of(request), slug=slug)
    owns = has_role_at(request, site.pk, Role.OWNER)
    is_tried = request.POST.get("act") == "try"
    if request.method == "POST" and not is_tried:
        return _act(request, site, owns=owns)
    versions, current = records.history(site), records.in_use(site)
    context = {
        **admin.site.each_context(request),
        "title": gettext("What it learned"),
        "site": site,
        "sites": sites,
        "owns": owns,
        "current": current,
        "is_shadow": bool(current and current.state == LearningState.SHADOW),
        "mode": Policy.objects.current(site).learning,
        "modes": LEARNING.items(),
        "least": (LEAST_LESSONS, LEAST_TESTED),
        "worth": _worth(records.measured(current, versions)),
        "curve": learning_curve.draw(versions),
        "words": _words(current),
        "versions": [_version(version) for version in versions],
        "suggestions": [_suggestion(found) for found in audited_thresholds.of_site(site)],
    }
    if is_tried:
        if not owns:
            raise PermissionDenied
        context |= {"tried": True, **policy_context(_with_threshold(request, site))}
    return TemplateResponse(request, "desk/learned.html", context)


def _act(request: HttpRequest, site: Site, *, owns: bool) -> HttpResponse:
    if not owns:
        raise PermissionDenied
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        messages.success(request, act(request, site))
    except REFUSED as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(request.path)


def _promote(request: HttpRequest, site: Site) -> str:
    number = request.POST.get("number", "")
    # Longer ones are none, and cost much to read.
    known = number.isdecimal() and len(number) < MAX_DIGITS
    candidate = get_object_or_404(SiteClassifier, site=site, number=number if known else 0)
    promotion.promote(candidate, by=user_of(request), now=timezone.now())
    message = gettext("Classifier %(number)s scores from now on; what waits is screened again.")
    return message % {"number": candidate.number}


def _roll_back(request: HttpRequest, site: Site) -> str:
    previous = promotion.roll_back(site, by=user_of(request), now=timezone.now())
    if previous is None:
        return gettext("The shipped classifier scores again; what waits is screened again.")
    message = gettext("Classifier %(number)s scores again; what waits is screened again.")
    return message % {"number": previous.number}


def _ignore(request: HttpRequest, site: Site) -> str:
    word = request.POST.get("word", "")
    corrections.ignore(site, word, by=user_of(request), now=timezone.now())
    message = gettext("Nothing is learned from “%(word)s” any more. It stands in the house rules.")
    return message % {"word": word}


def _set_mode(request: HttpRequest, site: Site) -> str:
    mode = request.POST.get("mode", "")
    if mode not in list(LearningMode):
        raise Http404
    policy = Policy.objects.current(site)
    policy.learning = mode
    set_policy(policy, by=user_of(request), now=timezone.now())
    return gettext("From now on: %(mode)s.") % {"mode": LEARNING[mode].lower()}


def _with_threshold(request: HttpRequest, site: Site) -> Policy:
    """Return the site's policy with the threshold that is suggested for the chosen category."""
    chosen = request.POST.get("category", "")
    found = {one.category: one for one in audited_thresholds.of_site(site)}.get(chosen)
    if found is None:
        raise Http404
    policy = Policy.objects.current(site)
    limits = policy.rules(classifier.recommended_thresholds()).thresholds[chosen]
    reject_at = max(limits.reject_at, found.suggested)
    policy.thresholds = {
        **policy.thresholds,
        chosen: {"hold_at": found.suggested, "reject_at": reject_at},
    }
    return policy


def _adopt(request: HttpRequest, site: Site) -> str:
    policy = _with_threshold(request, site)
    set_policy(policy, by=user_of(request), now=timezone.now())
    return gettext("It counts from now on, and stands in the house rules.")


def _suggestion(found: Suggestion) -> dict[str, Any]:
    return {
        "row": found,
        "label": CATEGORIES.get(found.category, found.category),
        "now": f"{100 * found.hold_at:.0f}",
        "then": f"{100 * found.suggested:.0f}",
        "minutes": f"{found.minutes_saved:.0f}",
        "held": [f"{number:.0f}" for number in found.held],
        "missed": [f"{number:.0f}" for number in found.missed],
    }


ACTS: Mapping[str, Callable[[HttpRequest, Site], str]] = {
    "promote": _promote,
    "rollback": _roll_back,
    "ignore": _ignore,
    "mode": _set_mode,
    "adopt": _adopt,
}


def _worth(measured: records.Measured | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    rows = [
        {
            "label": CATEGORIES.get(category, category),
            "harmful": tally["harmful"],
            "harmless": tally["harmless"],
            "scoring": _shares(tally),
            "shipped": _shares(measured.shipped[category]),
        }
        for category, tally in measured.scoring.items()
        if tally["harmful"]
    ]
    return {"texts": measured.texts, "number": measured.number, "rows": rows}


def _shares(tally: Mapping[str, int]) -> dict[str, str]:
    held = tally["caught"] + tally["false_alarms"]
    return {
        "precision": _share(tally["caught"], held),
        "recall": _share(tally["caught"], tally["harmful"]),
    }


def _share(part: int, whole: int) -> str:
    """Return a share with its interval, in percent: "80 % (49 to 94)"."""
    if not whole:
        return "–"
    low, high = wilson(part, whole)
    return f"{100 * part / whole:.0f}\N{NO-BREAK SPACE}% ({100 * low:.0f}–{100 * high:.0f})"


def _words(current: SiteClassifier | None) -> list[dict[str, Any]]:
    learned = records.words(current) if current else []
    return [
        {
            "label": CATEGORIES.get(found.category, found.category),
            "kinds": (
                (gettext("Rather so"), "up", found.up),
                (gettext("Rather not"), "down", found.down),
            ),
        }
        for found in learned
        if found.up or found.down
    ]


def _version(version: SiteClassifier) -> dict[str, Any]:
    gate = version.gate
    return {
        "row": version,
        "texts": gate.get("texts", 0),
        "shipped": _errors(gate, "shipped"),
        "standing": _errors(gate, "standing"),
        "candidate": _errors(gate, "candidate"),
        "left_out": gate.get("left_out", []),
        "may_score": version.state != LearningState.STANDING,
        "scores": version.state == LearningState.STANDING,
    }


def _errors(gate: Mapping[str, Any], name: str) -> int | None:
    return sum(gate[name].values()) if name in gate else None
