"""Tell people by mail what was changed about how they sign in, in case it was somebody else."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import User
from moderation.models.mail import MailKind
from moderation.notifications.mail import outbox, tasks

PASSWORD = _("Your password was changed")
REVIEW_TOKEN = _("A token for the review API was made in your name")
SECOND_FACTOR_RESET = _("Your second step was taken away by who looks after your account")
# By what django-allauth calls them. It reports changes of the password, too: see `passwords`.
EVENTS = {
    "mfa/email/totp_activated": _("An authenticator app was set up"),
    "mfa/email/totp_deactivated": _("The authenticator app was switched off"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made"),
    "mfa/email/webauthn_added": _("A passkey was added"),
    "mfa/email/webauthn_removed": _("A passkey was removed"),
}


def write(
    user: User, what: str | Promise, *, now: datetime, detail: str = "", by: str = ""
) -> None:
    """Enqueue a message to a user; it has no link that opens anything.

    `by` names the colleague who did it, where it was not the user.
    """
    context = {"what": what, "detail": detail, "when": now, "security": "/admin/security/"}
    context["by"] = by
    email = outbox.OutgoingEmail(
        kind=MailKind.SECURITY, to=user.email, language=user.mail_language, context=context
    )
    outbox.enqueue(email, now=now)
    tasks.enqueue_mails()
