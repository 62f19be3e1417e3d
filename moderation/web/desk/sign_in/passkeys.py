"""Adding a passkey."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from comments.models.row_limits import require_room

MOST_PER_USER = 20


class AddPasskeyView(AddWebAuthnView):
    """Adds a passkey; what is none is answered with 400, and the page again."""

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form. Raises LimitReached beyond MOST_PER_USER."""
        passkeys = Authenticator.objects.filter(
            user=self.request.user, type=Authenticator.Type.WEBAUTHN
        )
        require_room(passkeys, most=MOST_PER_USER, what=_("passkeys of yours"))
        return super().get_form(form_class)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page with the error."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 400
        return response
