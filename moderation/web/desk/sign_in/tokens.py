"""The page of one's own tokens for the review API."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from moderation.review import review_tokens
from moderation.web.desk.base.permissions import user_of


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def page(request: HttpRequest) -> HttpResponse:
    """List the tokens of who is signed in; make another one, and show it this once."""
    user, made = user_of(request), ""
    if request.method == "POST":
        made = review_tokens.issue(user, by=user, now=timezone.now())
    context = {"made": made, "tokens": review_tokens.of(user)}
    return TemplateResponse(request, "desk/tokens.html", context)


@require_POST
def revoke(request: HttpRequest, beginning: str) -> HttpResponse:
    """End one of one's own tokens."""
    user = user_of(request)
    if review_tokens.revoke(user, beginning, by=user, now=timezone.now()):
        messages.success(request, "Revoked. Whatever used it gets 401 from now on.")
    return HttpResponseRedirect(reverse("desk_tokens"))
