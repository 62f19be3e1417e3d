"""Messages to messengers: Slack, Discord, Teams, Telegram, ntfy, Matrix and others, by Apprise.

Apprise knows their dialects; an address such as `discord://ID/TOKEN` names one. Its plugins make
their requests with `requests`, in whose place they get a session that asks `http_client`: nothing
goes to a private address. What does not speak HTTP, or reads files, is refused.
"""

import logging
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import apprise
import requests
from apprise.common import PersistentStoreMode
from django.utils.translation import gettext

from moderation.models import delivery_errors as errors
from moderation.notifications.webhooks.guarded_requests import session

# The messengers that can be told, by the schemes of their addresses. Each speaks HTTP alone.
SCHEMES = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "gotifys": "Gotify",
    "matrixs": "Matrix",
    "mmosts": "Mattermost",
    "nctalks": "Nextcloud Talk",
    "ntfys": "ntfy on a server of your own",
    "ntfy": "ntfy.sh",
    "pover": "Pushover",
    "rockets": "Rocket.Chat",
    "slack": "Slack",
    "tgram": "Telegram",
    "workflows": "Microsoft Teams",
    "wxteams": "Webex",
    "zulip": "Zulip",
}
# Others, such as `template`, make a plugin read a file.
PARAMETERS = frozenset({"format", "mode", "priority", "tags", "thread", "to", "topic"})
METHODS = frozenset({"delete", "get", "head", "patch", "post", "put", "request"})
# Its log lines have parts of addresses, which are secrets.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class UnusableAddress(ValueError):
    """The address names no messenger that can be told; the message says why."""


class _GuardedRequests:
    """Stands in for the module `requests` within Apprise."""

    def __getattr__(self, name: str) -> Any:
        return getattr(session(), name) if name in METHODS else getattr(requests, name)


def check(address: str) -> None:
    """Raise UnusableAddress for an address that is no messenger's."""
    _messenger(address)


def send(address: str, *, title: str, text: str) -> str:
    """Send a message, and return why that failed; "" when it did not."""
    try:
        messenger = _messenger(address)
    except UnusableAddress as error:
        return str(error)
    _guard()
    return "" if messenger.notify(body=text, title=title) else errors.NOT_TAKEN


def _messenger(address: str) -> Any:
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise UnusableAddress(gettext(errors.UNKNOWN_SCHEME) % {"schemes": known})
    unknown = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - PARAMETERS
    if unknown:
        raise UnusableAddress(gettext(errors.UNKNOWN_PARAMETER) % {"name": min(unknown)})
    asset = apprise.AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, async_mode=False)
    messenger = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if messenger is None:
        raise UnusableAddress(gettext(errors.PARTIAL) % {"messenger": SCHEMES[parts.scheme]})
    return messenger


def _guard() -> None:
    """Give every loaded module of Apprise the guarded requests; it loads plugins by and by."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "apprise" and getattr(module, "requests", None) is requests:
            module.requests = _GuardedRequests()  # type: ignore[attr-defined]
