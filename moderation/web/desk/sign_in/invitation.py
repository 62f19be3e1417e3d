"""The page behind an invitation: a new account with a password, or a known one that accepts."""

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from comments.http import guesses
from comments.models import Invitation, Membership, User
from moderation.review import invitations

GONE = _("This link was used, was withdrawn, has ended, or is not genuine.")


@never_cache
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask, and accept when asked to; who has an account signs in first."""
    invitation = invitations.find(secret, now=timezone.now())
    if invitation is None:
        guesses.mark(request)
        return _show(request, {"refusal": GONE}, status=404)
    account = User.objects.filter(email=invitation.email).first()
    try:
        if account is None:
            return _new_account(request, invitation)
        return _known_account(request, invitation, account)
    except invitations.InvitationRefused as refusal:
        return _show(request, {"refusal": str(refusal)}, status=404)


def _new_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = SetPasswordForm(User(email=invitation.email), request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"invitation": invitation, "form": form}
        return _show(request, context, status=400 if form.errors else 200)
    password = form.cleaned_data["new_password1"]
    invitations.accept_anew(invitation, password=password, now=timezone.now())
    messages.success(request, gettext("Your account is there. Sign in with your new password."))
    return redirect("account_login")


def _known_account(request: HttpRequest, invitation: Invitation, account: User) -> HttpResponse:
    if request.user != account:
        # A link must not stand in for a password, nor for a second step.
        return _show(request, {"invitation": invitation, "must_sign_in": True})
    if request.method != "POST":
        return _show(
            request, {"invitation": invitation, "member": _membership(invitation, account)}
        )
    membership = invitations.accept(invitation, user=account, now=timezone.now())
    messages.success(request, gettext("Welcome to %(site)s.") % {"site": membership.site})
    return redirect("admin:index")


def _membership(invitation: Invitation, account: User) -> dict[str, object] | None:
    """Return what a member reads of the role that they have; None for who is none yet."""
    membership = Membership.objects.filter(site=invitation.site, user=account).first()
    if membership is None:
        return None
    is_promotion = invitations.is_promotion(invitation, membership)
    return {"role": membership.role, "is_promotion": is_promotion}


def _show(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = render(request, "desk/sign_in/invitation.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"
    return response
