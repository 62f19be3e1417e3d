"""The page by which owners invite colleagues, and withdraw invitations that are open."""

from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from comments.models import Invitation, Role
from moderation.review import invitations
from moderation.web.desk.base.permissions import is_owner, sites_of, user_of


class InvitationForm(forms.Form):
    """Whom to invite, to which of one's sites, and as what."""

    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.MODERATOR)

    def __init__(self, request: HttpRequest) -> None:
        is_sent = request.method == "POST"
        initial = {"site": request.GET.get("site", ""), "role": Role.MODERATOR}
        super().__init__(request.POST if is_sent else None, initial=initial)
        owned = sites_of(request, Role.OWNER)
        self.fields["site"] = forms.ModelChoiceField(owned, to_field_name="slug", empty_label=None)


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Invite somebody; where mail is not sent, show the link this once."""
    if not is_owner(request):
        raise PermissionDenied
    form, link = InvitationForm(request), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            issued = invitations.invite(
                data["site"],
                email=data["email"],
                role=Role(data["role"]),
                by=user_of(request),
                now=timezone.now(),
            )
        except invitations.InvitationRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            if invitations.is_mailed():
                messages.success(
                    request, gettext("An invitation goes to %(email)s.") % {"email": data["email"]}
                )
                return redirect("desk_invite")
            link = issued.link
    return _show(request, form, link)


@require_POST
def withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Withdraw an invitation to a site of one's own; 404 for another."""
    own = Invitation.objects.filter(site__in=sites_of(request, Role.OWNER))
    invitations.withdraw(
        get_object_or_404(own, pk=invitation), by=user_of(request), now=timezone.now()
    )
    messages.success(request, gettext("Withdrawn: the link opens nothing."))
    return redirect("desk_invite")


def _show(request: HttpRequest, form: InvitationForm, link: str) -> HttpResponse:
    waiting = Invitation.objects.filter(
        site__in=sites_of(request, Role.OWNER), expires_at__gt=timezone.now()
    )
    context = {
        **admin.site.each_context(request),
        "title": gettext("Invite a colleague"),
        "form": form,
        "link": link,
        "waiting": waiting.select_related("site"),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "desk/invite.html", context, status=status)
