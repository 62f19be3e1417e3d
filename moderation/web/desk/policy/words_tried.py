"""What a word list would do, told below its field while it is typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from comments.models import Site
from moderation.models import Policy
from moderation.rules import wordlists
from moderation.screening.policy.words_tried import try_words

LONGEST_SAMPLE = 1000


def url_for(request: HttpRequest) -> str:
    """Return the address of the view for the form that a request shows."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id") if match else None
    is_number = pk is not None and str(pk).isdigit()
    return reverse("admin:moderation_policy_words", args=[int(str(pk))] if is_number else [])


def respond(request: HttpRequest, *, site: Site | None) -> HttpResponse:
    """Return what came of the list that `list` names, as a part of a page."""
    name = request.POST.get("list", "")
    if name not in Policy.WORD_LISTS:
        return HttpResponseBadRequest("There is no such list.")
    typed = request.POST.get(name, "")[: 2 * wordlists.MOST_CHARACTERS]
    sample = request.POST.get(f"sample_{name}", "")[:LONGEST_SAMPLE]
    tried = try_words(typed.splitlines(), sample=sample, site=site)
    return TemplateResponse(request, "desk/words_tried.html", {"tried": tried, "sample": sample})
