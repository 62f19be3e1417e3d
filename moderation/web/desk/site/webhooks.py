"""Webhooks, and what they were told."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import TabularInline

from comments.models import Role
from moderation.models import Attempt, Delivery, EventType, Webhook
from moderation.models.webhook import ALL
from moderation.notifications.webhooks import endpoints
from moderation.web.desk.base import widgets
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where to tell what."""

    url = forms.URLField(label="Address", assume_scheme="https", max_length=2000)
    events = forms.MultipleChoiceField(
        choices=[(ALL, "Everything"), *(c for c in EventType.choices if c[0] != EventType.TEST)],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Webhook
        fields = ("site", "url", "description", "events", "with_addresses")

    def clean(self) -> dict[str, Any]:
        """Return the data when the address may be asked."""
        data = super().clean() or {}
        if data.get("url") and data.get("events"):
            try:
                endpoints.check(url=data["url"], events=data["events"])
            except endpoints.InvalidWebhook as error:
                self.add_error(error.field, str(error))
        return data


class SecretAdmin(ScopedAdmin):
    """An admin of what has a secret, which is shown when it is new."""

    seen_by = role = Role.OWNER
    may_add = may_delete = True

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret."""
        return widgets.once(request, self, [widgets.kept(request, str(obj))])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what is there at its site."""
        return ("site", *self.readonly_fields) if obj else tuple(self.readonly_fields)


@admin.register(Webhook)
class WebhookAdmin(SecretAdmin):
    """The addresses that a site has told what happens; its owners name them."""

    form = WebhookForm
    list_display = ("url", "site", "told", "enabled", "disabled_because")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("site",)
    fields = ("site", "url", "description", "events", "with_addresses")
    ordering = ("-id",)
    actions = ("try_out", "rotate", "enable", "disable")

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        """Add the webhook, or change it."""
        data = {k: v for k, v in form.cleaned_data.items() if k != "site"}
        if change:
            endpoints.change(obj, data)
            return
        made = endpoints.add(obj.site, **data, now=timezone.now())
        obj.pk = made.webhook.pk
        widgets.keep(request, made.secret)

    def mine(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> QuerySet[Webhook]:
        """Keep the webhooks of sites that the user owns."""
        return queryset.filter(site__in=sites_of(request, self.role))

    @admin.action(description="Send a test event", permissions=["change"])
    def try_out(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Try webhooks."""
        for webhook in self.mine(request, queryset):
            endpoints.try_out(webhook, now=timezone.now())
        self.message_user(request, "On its way. Deliveries tell what came of it.")

    @admin.action(
        description="New secret: the old one signs, too, for a day", permissions=["change"]
    )
    def rotate(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse:
        """Give new secrets and show them."""
        shown = [
            widgets.ShownSecret(webhook.url, endpoints.rotate(webhook, now=timezone.now()))
            for webhook in self.mine(request, queryset)
        ]
        return widgets.once(request, self, shown)

    @admin.action(description="Switch on", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Switch webhooks on."""
        for webhook in self.mine(request, queryset):
            endpoints.enable(webhook)

    @admin.action(description="Switch off", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Switch webhooks off."""
        for webhook in self.mine(request, queryset):
            endpoints.disable(webhook, because="Switched off.", now=timezone.now())

    @admin.display(description="events")
    def told(self, webhook: Webhook) -> str:
        """Return what it is told of."""
        return "everything" if ALL in webhook.events else ", ".join(webhook.events)

    @admin.display(boolean=True)
    def enabled(self, webhook: Webhook) -> bool:
        """Tell whether it is told anything."""
        return webhook.disabled_at is None


class AttemptInline(TabularInline):
    """Each try: what the receiver answered, and how long it took."""

    model = Attempt
    verbose_name_plural = "attempts"
    fields = readonly_fields = ("at", "status", "excerpt", "error", "took")
    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show to whom the delivery is shown."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody invent one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change one."""
        return False

    @admin.display(description="took")
    def took(self, attempt: Attempt) -> str:
        """Return the time that it took."""
        return f"{attempt.seconds:.2f} s" if attempt.pk else ""


@admin.register(Delivery)
class DeliveryAdmin(ScopedAdmin):
    """What webhooks were told, and what waits or was given up."""

    site_path = "webhook__site"
    seen_by = role = Role.OWNER
    list_display = ("type", "webhook", "state", "attempts", "last_answer", "created_at")
    list_filter = ("state", ("webhook", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("webhook", "event")
    fields = readonly_fields = (
        "type", "webhook", "state", "comment", "attempts", "next_attempt_at", "delivered_at",
    )  # fmt: skip
    inlines = (AttemptInline,)
    ordering = ("-id",)
    actions = ("redeliver",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the deliveries with their attempts."""
        return super().get_queryset(request).prefetch_related("tries")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow the list with its actions, and to look."""
        return obj is None and super().has_change_permission(request)

    @admin.action(description="Tell again, with the same id", permissions=["change"])
    def redeliver(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Send events again."""
        mine = queryset.filter(webhook__site__in=sites_of(request, self.role))
        for delivery in mine:
            endpoints.redeliver(delivery, now=timezone.now())
        self.message_user(request, "On its way again.")

    @admin.display(description="event")
    def type(self, delivery: Delivery) -> str:
        """Return what happened."""
        return delivery.event.get_type_display()

    @admin.display(description="happened")
    def created_at(self, delivery: Delivery) -> Any:
        """Return when it happened."""
        return delivery.event.created_at

    @admin.display(description="last answer")
    def last_answer(self, delivery: Delivery) -> str:
        """Return the status of the last attempt, or why there was none."""
        tries = list(delivery.tries.all())
        return str(tries[-1].status or tries[-1].error) if tries else ""
