"""How far a site is connected, as the list of sites says it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.review.sites.connection import ConnectionState

UNCONNECTED = {
    ConnectionState.WAITING: _("Waits for its first call: go on with the set-up."),
    ConnectionState.REFUSED: _("Its pages are refused: see from where they called."),
}


def in_words(site: Any) -> str:
    """Return the state of a site that `connection.with_state` annotated, with the way on."""
    if site.connection_state == ConnectionState.CONNECTED:
        return gettext("Connected.")
    # The demo is a page of ours, which calls without telling an origin.
    if settings.PUBLIC_ORIGIN in site.origins:
        return gettext("Its pages are those of this installation.")
    link = '<a class="underline" href="{}">{}</a>'
    page = reverse("desk_set_up_site", args=[site.slug])
    return format_html(link, page, UNCONNECTED[site.connection_state])
