"""The page by which an owner, or who runs the service, takes a colleague's second factor away."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache

from comments.accounts import two_factor
from comments.models import User
from moderation.review import members
from moderation.web.desk.base.permissions import is_superuser, user_of


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and take the second factor away; 404 for whose account is not theirs to look after."""
    colleague, me = get_object_or_404(User, pk=pk), user_of(request)
    if not members.may_reset_second_factor(colleague, by=me):
        raise Http404
    if request.method == "POST":
        members.reset_second_factor(colleague, by=me, now=timezone.now())
        text = gettext("%(email)s signs in with the password alone now.")
        messages.success(request, text % {"email": colleague.email})
        where = "comments_user" if is_superuser(request) else "comments_membership"
        return HttpResponseRedirect(reverse(f"admin:{where}_changelist"))
    context = {
        "colleague": colleague,
        "is_on": two_factor.is_on(colleague),
    }
    return TemplateResponse(request, "desk/reset_second_factor.html", context)


def state(colleague: User, *, by: User) -> str:
    """Return whether a colleague has a second factor, with the link that resets it."""
    if not two_factor.is_on(colleague):
        return pgettext("of a setting", "off")
    if not members.may_reset_second_factor(colleague, by=by):
        return pgettext("of a setting", "on")
    where = reverse("desk_reset_second_factor", args=[colleague.pk])
    look = "text-primary-600 underline dark:text-primary-500"
    words = pgettext("of a setting", "on"), where, look, gettext("reset it")
    return format_html('{} · <a href="{}" class="{}">{}</a>', *words)
