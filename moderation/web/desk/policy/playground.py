"""The playground: what the classifier and a site's house rules make of a text that is typed in.

It is for the members of a site, and for everybody where its owners choose so. Nothing is stored,
and nothing is put into a queue.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments.http import origins, rate_limits
from comments.http.forwarding import client_address
from comments.models import Comment, Site
from comments.privacy import email_addresses
from comments.text.markdown import render
from moderation.models import Policy
from moderation.rules.verdicts import Threshold, Verdict, VerdictReason
from moderation.screening import classifier
from moderation.screening.policy.time_budget import TimeBudget
from moderation.screening.preview import Draft, Preview, preview_drafts
from moderation.web.desk.base.permissions import sites_of
from moderation.web.desk.base.wording import ground_in_words
from moderation.web.desk.base.words import CATEGORIES
from moderation.web.desk.queue.explanations import MIN_SCORE, CategoryExplanation, explain

# Tries a minute from one address; characters of a text; seconds in which words are looked for.
MOST_TRIES = 20
LONGEST = 5000
SECONDS = 2.0
MOST_EXPLAINED = 3
# No score reaches it.
NO_THRESHOLD = Threshold(2.0, 2.0)
OTHER_RULE = _("A rule of the site’s own says so.")
OUTCOMES = {
    Verdict.APPROVE: _("It would be published at once."),
    Verdict.HOLD: _("It would wait for a person."),
    Verdict.REJECT: _("It would be rejected."),
    Verdict.SPAM: _("It would be set aside as spam."),
}


class TryForm(forms.Form):
    """A text, and perhaps the name and website that it would come with."""

    text = forms.CharField(max_length=LONGEST, strip=False)
    name = forms.CharField(max_length=100, required=False)
    website = forms.CharField(max_length=500, required=False)

    def clean_text(self) -> str:
        """Return the text; raise ValidationError where there is none."""
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_("Type a text first."))
        return text


class CategoryScore(NamedTuple):
    """A category's score in percent, and the score from which it is held, or None."""

    category: str
    percent: int
    hold_at: int | None


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the form, and after a POST what becomes of the text; who may not is led to sign in."""
    sites = _sites(request)
    slug = request.POST.get("site") or request.GET.get("site", "")
    site = sites.filter(slug=slug).first() if slug else sites.first()
    is_foreign = request.method == "POST" and origins.is_foreign(request)
    if site is None and request.user.is_authenticated:
        raise Http404
    if site is None and not is_foreign:
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_login')}?{back}")
    context: dict[str, Any] = {"site": site, "sites": sites[:50], "form": TryForm(), "status": 200}
    if is_foreign:
        refusal = gettext("This form came from another website.")
        context |= {"form": TryForm(request.POST), "refusal": refusal, "status": 403}
    elif site and request.method == "POST":
        context |= _tried(request, site)
    status = context.pop("status")
    return TemplateResponse(request, "desk/playground.html", context, status=status)


def _sites(request: HttpRequest) -> QuerySet[Site]:
    """Return the sites whose playground is for this visitor."""
    return (sites_of(request) | Site.objects.filter(public_playground=True)).distinct()


def _tried(request: HttpRequest, site: Site) -> dict[str, Any]:
    form = TryForm(request.POST)
    if not form.is_valid():
        return {"form": form, "refusal": next(iter(form.errors.values()))[0], "status": 400}
    address = email_addresses.address_digest(client_address(request))
    now = timezone.now()
    usage = rate_limits.use_for(address, "try", now=now.timestamp(), limit=MOST_TRIES)
    if not usage.allowed:
        return {
            "form": form,
            "refusal": gettext("That was often. Try again in a minute."),
            "status": 429,
        }
    is_member = sites_of(request).filter(pk=site.pk).exists()
    return {"form": form, **_result(site, form.cleaned_data, now=now, is_member=is_member)}


def _result(
    site: Site, data: Mapping[str, str], *, now: datetime, is_member: bool
) -> dict[str, Any]:
    """Return what the page shows of a text; others than members read less of why."""
    draft = Draft(text=data["text"], author_name=data["name"], author_url=data["website"])
    (preview,) = preview_drafts([draft], site=site, now=now)
    rules = Policy.objects.current(site).rules(classifier.recommended_thresholds())
    comment = Comment(
        site=site,
        author_name=draft.author_name,
        author_url=draft.author_url,
        body=draft.text,
        body_html=render(draft.text),
    )
    return {
        "outcome": OUTCOMES[preview.judgement.verdict],
        "verdict": preview.judgement.verdict.lower(),
        "grounds": _grounds(preview.judgement.grounds, is_member=is_member),
        "scores": _scores(preview, rules.thresholds),
        "explanations": [(e, e.html(comment)) for e in _explanations(comment, preview)],
        "version": preview.classifier_version,
    }


def _grounds(reasons: Sequence[VerdictReason], *, is_member: bool) -> list[str]:
    """Return why, in words; of lists and bans others than members read that there was a rule."""
    sentences = [
        _told(reason) if is_member or reason.category else str(OTHER_RULE) for reason in reasons
    ]
    return list(dict.fromkeys(sentences))


def _told(reason: VerdictReason) -> str:
    return ground_in_words(reason._asdict())


def _scores(preview: Preview, thresholds: Mapping[str, Threshold]) -> list[CategoryScore]:
    """Return every score, the highest first, with the site's thresholds."""
    scored = sorted(preview.scores.items(), key=lambda row: -row[1])
    return [
        CategoryScore(
            str(CATEGORIES.get(category, category)),
            round(100 * score),
            _percent(thresholds.get(category, NO_THRESHOLD).hold_at),
        )
        for category, score in scored
    ]


def _percent(score: float) -> int | None:
    return None if score > 1 else round(100 * score)


def _explanations(comment: Comment, preview: Preview) -> Iterator[CategoryExplanation]:
    """Yield the words behind the highest scores, as many as the time allows."""
    budget = TimeBudget(SECONDS)
    likely = sorted(preview.scores.items(), key=lambda row: -row[1])[:MOST_EXPLAINED]
    for category, score in likely:
        if score < MIN_SCORE or budget.is_spent():
            return
        explanation = explain(comment, category, quickly=True)
        if explanation.raising or explanation.other_features:
            yield explanation
