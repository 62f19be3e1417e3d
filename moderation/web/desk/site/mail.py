"""Mails that sites send, without what they say and with addresses masked."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin

from comments.models import Role
from comments.privacy import email_addresses
from moderation.models import Mail, Suppression
from moderation.notifications.mail import outbox, tasks
from moderation.web.desk.base.permissions import ScopedAdmin, SuperusersOnly, sites_of


@admin.register(Mail)
class MailAdmin(ScopedAdmin):
    """What was sent to whom, for owners: a mail that did not arrive is found here, with why."""

    role = seen_by = Role.OWNER
    list_display = ("kind", "to", "state", "attempts", "last_error", "created_at", "sent_at")
    list_filter = ("state", "kind", ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site",)
    fields = (
        "site",
        "kind",
        "to",
        "language",
        "state",
        "attempts",
        "last_error",
        "created_at",
        "next_attempt_at",
        "sent_at",
    )
    readonly_fields = fields
    ordering = ("-id",)
    actions = ("send_again",)

    @admin.display
    def to(self, mail: Mail) -> str:
        """Return the masked address; it is forgotten some days after the mail was sent."""
        try:
            return (
                email_addresses.mask(email_addresses.decrypt(mail.recipient))
                if mail.recipient
                else ""
            )
        except InvalidToken:
            return ""

    @admin.action(description="Send again what was given up", permissions=["change"])
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Put what was given up back, unless its text was cleared."""
        mine = mails.filter(site__in=sites_of(request, self.role))
        n = outbox.retry(mine, now=timezone.now())
        tasks.enqueue_mails()
        self.message_user(request, f"Sent again: {n}.")


@admin.register(Suppression)
class SuppressionAdmin(SuperusersOnly, ModelAdmin):
    """Addresses that get no mail, known by digest alone. To delete one lets mail go there again."""

    list_display = ("__str__", "created_at")
    list_filter = ("reason",)
    fields = readonly_fields = ("reason", "created_at")
    search_fields = ("digest",)
    search_help_text = "The whole address."

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave it to bounces, complaints and the people themselves."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find an address by its digests."""
        if not search_term:
            return queryset, False
        return queryset.filter(digest__in=email_addresses.email_digests(search_term)), False
