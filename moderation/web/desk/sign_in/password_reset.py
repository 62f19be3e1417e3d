"""The mail by which a forgotten password is replaced, and the page behind its link."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from allauth.account.utils import user_pk_to_url_str
from allauth.account.views import PasswordResetFromKeyView
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from comments.models import User
from moderation.models import MailKind
from moderation.notifications.mail import outbox, tasks
from moderation.web.desk.sign_in import known_devices


class FromKeyView(PasswordResetFromKeyView):
    """Sets a new password; from then on the browser is one that the user knows."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it: who reads the account's mail gets in whatever others fail meanwhile."""
        response: HttpResponse = super().form_valid(form)
        known_devices.remember(response, self.request, self.reset_user)
        return response


from_key = FromKeyView.as_view()


def write(user: User | None, *, to: str, now: datetime) -> None:
    """Enqueue the mail to a user.

    For nobody the same work is done and taken back, so that neither the answer nor the time it
    takes tells whether there is an account.
    """
    context = {
        "link": _link(user or User(pk=0, email=to)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    mail = outbox.OutgoingEmail(
        kind=MailKind.PASSWORD, to=to, language=translation.get_language(), context=context
    )
    with transaction.atomic():
        outbox.enqueue(mail, now=now)
        if user is None:
            transaction.set_rollback(True)
    tasks.enqueue_mails()


def _link(user: User) -> str:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return urljoin(settings.PUBLIC_URL, reverse("account_reset_password_from_key", kwargs=key))
