"""Whether an alarm can be sent to an address."""

from moderation.models.alarm import AlarmFormat
from moderation.notifications import messengers
from moderation.notifications.webhooks import http_client


class AddressRefused(ValueError):
    """Nothing can be sent there; the message says why."""


def check(url: str, shape: str) -> None:
    """Raise AddressRefused for an address to which alarms of this format can't be sent."""
    try:
        if shape == AlarmFormat.MESSENGER:
            messengers.check(url)
        else:
            http_client.check(url)
    except (messengers.UnusableAddress, http_client.Unreachable) as error:
        raise AddressRefused(str(error)) from None
