"""The pages of tokens for the review API: one's own, and those of a member of one's site."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from comments.models import User
from moderation.review import members, review_tokens
from moderation.web.desk.base.permissions import user_of


class TokenForm(forms.Form):
    """The name of a new token, and when it ends."""

    name = forms.CharField(max_length=100)
    lifetime = forms.ChoiceField(
        choices=[(words, _(words)) for words in review_tokens.LIFETIMES], initial="90 days"
    )


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def page(request: HttpRequest) -> HttpResponse:
    """List the tokens of who is signed in; make another one, and show it this once."""
    user, made, now = user_of(request), "", timezone.now()
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = review_tokens.issue(
            user,
            by=user,
            now=now,
            name=form.cleaned_data["name"],
            lifetime=review_tokens.LIFETIMES[form.cleaned_data["lifetime"]],
        )
        form = TokenForm()
    return _show(request, user, {"made": made, "form": form}, status=400 if form.errors else 200)


@never_cache
def of_member(request: HttpRequest, pk: int) -> HttpResponse:
    """List the tokens of a colleague; 404 for whose account is not theirs to look after."""
    return _show(request, _whose(request, pk), {})


@require_POST
def revoke(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """End one token, of oneself or of a member of one’s site, by the start of its digest."""
    owner, me = _whose(request, pk), user_of(request)
    if review_tokens.revoke(owner, digest, by=me, now=timezone.now()):
        messages.success(request, gettext("Revoked. Whatever used it gets 401 from now on."))
    return HttpResponseRedirect(
        reverse("desk_tokens") if owner == me else reverse("desk_tokens_of_member", args=[pk])
    )


def state(colleague: User, *, by: User) -> str:
    """Return how many tokens a colleague has, with the link to them."""
    number = len(review_tokens.of(colleague, now=timezone.now()))
    if not number or not members.may_end_tokens(colleague, by=by):
        return str(number)
    where = reverse("desk_tokens_of_member", args=[colleague.pk])
    look = "text-primary-600 underline dark:text-primary-500"
    words = number, where, look, gettext("see them")
    return format_html('{} · <a href="{}" class="{}">{}</a>', *words)


def _whose(request: HttpRequest, pk: int) -> User:
    colleague = get_object_or_404(User, pk=pk)
    if not members.may_end_tokens(colleague, by=user_of(request)):
        raise Http404
    return colleague


def _show(
    request: HttpRequest, owner: User, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context |= {
        "owner": owner,
        "is_own": owner == user_of(request),
        "tokens": review_tokens.of(owner, now=timezone.now()),
    }
    return TemplateResponse(request, "desk/tokens.html", context, status=status)
