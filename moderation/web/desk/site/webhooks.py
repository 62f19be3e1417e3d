"""Admin of webhooks and their deliveries."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from comments.models import Role, User
from moderation.models import Attempt, Delivery, EventType, Webhook, delivery_errors
from moderation.models.webhook import ALL
from moderation.notifications.webhooks import endpoints
from moderation.web.desk.base import widgets
from moderation.web.desk.base.list_filters import OfSiteListFilter, SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, user_of
from moderation.web.desk.base.requests import return_url
from moderation.web.desk.base.widgets import SecretAdmin
from moderation.web.desk.site import webhook_state


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """A webhook endpoint and the events it receives."""

    url = forms.URLField(
        label=_("Address"), assume_scheme="https", max_length=2000, widget=widgets.AddressInput
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(ALL, _("Everything")), *(c for c in EventType.choices if c[0] != EventType.TEST)],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Webhook
        fields = ("site", "url", "description", "events", "with_addresses")

    def clean(self) -> dict[str, Any]:
        """Return the data where the URL may be requested."""
        data = super().clean() or {}
        if data.get("url") and data.get("events"):
            try:
                endpoints.check(url=data["url"], events=data["events"])
            except endpoints.InvalidWebhook as error:
                self.add_error(error.field, str(error))
        return data


@admin.register(Webhook)
class WebhookAdmin(SecretAdmin):
    """Webhook endpoints of a site, which its owners register."""

    when_empty = _("No webhook yet. One tells a server of yours what happens to comments.")
    form = WebhookForm
    change_form_outer_before_template = "desk/webhook.html"
    list_display = ("address", "site", "subscribed", "state")
    list_filter = (("site", SiteListFilter),)
    list_select_related = ("site",)
    fields = ("site", "url", "description", "events", "with_addresses")
    ordering = ("-id",)
    actions = ("try_out", "rotate", "enable", "disable")

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        """Add the webhook, or change it."""
        data = {k: v for k, v in form.cleaned_data.items() if k != "site"}
        now, by = timezone.now(), user_of(request)
        if change:
            endpoints.change(obj, data, by=by, now=now)
            return
        made = endpoints.add(obj.site, **data, by=by, now=now)
        obj.pk = made.webhook.pk
        widgets.keep(request, made.secret)

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        """Delete the webhook, with its pending deliveries."""
        endpoints.remove(obj, by=user_of(request), now=timezone.now())

    @admin.action(description=_("Send a test event"), permissions=["change"])
    def try_out(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse:
        """Send a test event to webhooks."""
        for webhook in self.changeable(queryset, request):
            endpoints.try_out(webhook, by=user_of(request), now=timezone.now())
        self.message_user(request, gettext("On its way. The deliveries tell what comes of it."))
        return _back(request)

    def new_secret(self, row: Webhook, by: User) -> str:
        """Rotate the secret that signs deliveries."""
        return endpoints.rotate(row, by=by, now=timezone.now())

    @admin.action(description=_("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse:
        """Enable webhooks."""
        for webhook in self.changeable(queryset, request):
            endpoints.enable(webhook, by=user_of(request), now=timezone.now())
        self.message_user(request, gettext("Switched on. What happened meanwhile is not sent."))
        return _back(request)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse:
        """Disable webhooks."""
        for webhook in self.changeable(queryset, request):
            endpoints.disable(
                webhook,
                because=delivery_errors.SWITCHED_OFF,
                by=user_of(request),
                now=timezone.now(),
            )
        self.message_user(request, gettext("Switched off. What waited was given up."))
        return _back(request)

    @admin.display(description=_("events"))
    def subscribed(self, webhook: Webhook) -> str:
        """Return the events that it receives."""
        return gettext("everything") if ALL in webhook.events else ", ".join(webhook.events)

    @admin.display(ordering="url", description=_("address"))
    def address(self, webhook: Webhook) -> str:
        """Return where events are sent to, and what for."""
        return f"{webhook.description}: {webhook.url}" if webhook.description else webhook.url

    @admin.display(description=_("state"))
    def state(self, webhook: Webhook) -> str:
        """Return whether it receives events, and why not."""
        if webhook.disabled_at:
            why = delivery_errors.in_words(webhook.disabled_because)
            return gettext("off: %(why)s") % {"why": why}
        return (
            gettext("on, but not reached of late")
            if webhook.failures
            else pgettext("of a setting", "on")
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show how the webhook fares, above its form."""
        webhook = self.get_object(request, unquote(object_id))
        fares = webhook_state.of(webhook, now=timezone.now()) if webhook else {}
        page: HttpResponse = super().change_view(
            request, object_id, form_url, {"fares": fares, **(extra_context or {})}
        )
        return page


class AttemptInline(TabularInline):
    """Attempts of a delivery: the receiver's response, and how long it took."""

    model = Attempt
    verbose_name_plural = _("attempts")
    fields = readonly_fields = ("at", "status", "excerpt", "failure", "took")
    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow whoever may view the delivery."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody."""
        return False

    @admin.display(description=_("error"))
    def failure(self, attempt: Attempt) -> str:
        """Return why there was no answer, in words."""
        return delivery_errors.in_words(attempt.error)

    @admin.display(description=_("took"))
    def took(self, attempt: Attempt) -> str:
        """Return the time that it took."""
        return f"{attempt.seconds:.2f} s" if attempt.pk else ""


@admin.register(Delivery)
class DeliveryAdmin(ScopedAdmin):
    """Deliveries to webhooks: sent, waiting or given up."""

    when_empty = _("Nothing was sent yet. What a webhook is told comes here.")
    site_path = "webhook__site"
    seen_by = role = Role.OWNER
    is_append_only = True
    list_display = ("type", "webhook", "state", "attempts", "last_answer", "created_at")
    list_filter = ("state", ("webhook", OfSiteListFilter))
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

    @admin.action(description=_("Tell again, with the same id"), permissions=["change"])
    def redeliver(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse:
        """Enqueue deliveries again."""
        for delivery in self.changeable(queryset, request):
            endpoints.redeliver(delivery, by=user_of(request), now=timezone.now())
        self.message_user(request, gettext("On its way again."))
        return _back(request)

    @admin.display(description=_("event"))
    def type(self, delivery: Delivery) -> str:
        """Return what happened."""
        return delivery.event.get_type_display()

    @admin.display(description=_("happened"))
    def created_at(self, delivery: Delivery) -> Any:
        """Return when it happened."""
        return delivery.event.created_at

    @admin.display(description=_("last answer"))
    def last_answer(self, delivery: Delivery) -> str:
        """Return the status of the last attempt, or why there was none."""
        return webhook_state.answer_in_words(delivery)


def _back(request: HttpRequest) -> HttpResponse:
    """Redirect to the page whose button was pressed: of a webhook, or of the list."""
    return HttpResponseRedirect(return_url(request, request.POST.get("next") or request.path))
