"""Admin of outgoing mail, without bodies and with masked addresses, and of suppressions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from comments.models import Role
from comments.privacy import email_addresses
from moderation.models import Mail, Suppression
from moderation.notifications import disclosure
from moderation.notifications.mail import outbox, tasks
from moderation.web.desk.base.failures import FailureColumn
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, SuperusersOnly, TitledList, user_of


@admin.register(Mail)
class MailAdmin(FailureColumn, ScopedAdmin):
    """Mails of a site, for its owners: which were sent, and why others failed."""

    role = seen_by = Role.OWNER
    list_display = ("kind", "to", "state", "attempts", "failure", "created_at", "sent_at")
    list_filter = ("state", "kind", ("site", SiteListFilter))
    list_select_related = ("site",)
    fields = (
        "site",
        "kind",
        "to",
        "language",
        "state",
        "attempts",
        "failure",
        "created_at",
        "next_attempt_at",
        "sent_at",
    )
    readonly_fields = fields
    ordering = ("-id",)
    actions = ("send_again",)

    @admin.display(description=_("recipient"))
    def to(self, mail: Mail) -> str:
        """Return the masked address; "" once it is purged, some days after sending."""
        return disclosure.mask_encrypted(mail.recipient)

    @admin.action(description=_("Send again what was given up"), permissions=["change"])
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Retry mails that were given up, unless their body is purged."""
        n = outbox.retry(self.changeable(mails, request), now=timezone.now())
        tasks.enqueue_mails()
        self.message_user(request, gettext("Sent again: %(number)s.") % {"number": n})


@admin.register(Suppression)
class SuppressionAdmin(SuperusersOnly, TitledList, ModelAdmin):
    """Addresses that get no mail, by digest. Deleting one allows mail again."""

    when_empty = _(
        "No address is kept from mail. One comes here when its mails come back, or when its owner "
        "wants none."
    )
    show_full_result_count = False

    list_display = ("__str__", "created_at")
    list_filter = ("reason",)
    fields = readonly_fields = ("reason", "created_at")
    search_fields = ("digest",)
    search_help_text = _("The whole address.")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody: bounces, complaints and objections add them."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by a whole address, which the trail of each site that knows it records."""
        if not search_term:
            return queryset, False
        disclosure.note_search(search_term, by=user_of(request), now=timezone.now())
        return queryset.filter(digest__in=email_addresses.email_digests(search_term)), False
