"""Verify and parse the webhooks of mail providers with django-anymail.

Its views are used as parsers: their `post` would send a signal, and the answer would not wait for
what the receivers of the signal do.
"""

import logging
import re
import warnings
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import (
    AnymailError,
    AnymailInsecureWebhookWarning,
    AnymailNotSupportedWarning,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.amazon_ses import AmazonSESBaseWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mailtrap import MailtrapTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from anymail.webhooks.unisender_go import UnisenderGoTrackingWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from moderation.notifications.mail import bounces
from moderation.notifications.mail.bounces import BounceReport

log = logging.getLogger(__name__)
# Our view checks the key before it comes here, and nothing is sent through anymail.
warnings.filterwarnings("ignore", category=AnymailInsecureWebhookWarning)
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)

AMAZON_SNS_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
# What a payload of another shape than the documented one makes the parsers raise.
MALFORMED = (
    AnymailError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class InvalidSignature(Exception):
    """The provider's signature is missing or wrong."""


class NotConfigured(Exception):
    """The provider signs its webhooks, and the key to verify them is not set."""


class AmazonSESWebhook(AmazonSESTrackingWebhookView):
    """Amazon SES by SNS, with subscriptions left to the operator to confirm."""

    def __init__(self) -> None:
        # Not the parent's, which demands boto3 to confirm subscriptions with.
        super(AmazonSESBaseWebhookView, self).__init__()

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Log the URL that confirms a subscription. Raises ValueError when it is not Amazon's."""
        url = urlsplit(sns_message["SubscribeURL"])
        if url.scheme != "https" or not AMAZON_SNS_HOST.fullmatch(url.netloc):
            raise ValueError("The SubscribeURL does not lead to Amazon SNS.")
        link = url.geturl()
        extra = {"for_operators": True}
        log.warning("Amazon SNS asks to be confirmed: open %s", link, extra=extra)


class PostmarkWebhook(PostmarkTrackingWebhookView):
    """Postmark, where a filter that took a mail for spam is no complaint of its recipient."""

    event_types = {  # noqa: RUF012 # As in the parent.
        **PostmarkTrackingWebhookView.event_types,
        "SpamNotification": (EventType.BOUNCED, RejectReason.SPAM),
    }


# By the name in the URL, which is anymail's name of the provider.
WEBHOOKS: dict[str, type[AnymailBaseWebhookView]] = {
    "amazon_ses": AmazonSESWebhook,
    "brevo": BrevoTrackingWebhookView,
    "mailersend": MailerSendTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "mailtrap": MailtrapTrackingWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkWebhook,
    "resend": ResendTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
    "unisender_go": UnisenderGoTrackingWebhookView,
}


def read(provider: str, request: HttpRequest) -> list[BounceReport]:
    """Verify a provider's request, and return the addresses to suppress.

    `provider` is a key of WEBHOOKS. Raises InvalidSignature, NotConfigured or UnreadableReport.
    """
    try:
        return bounces.read_events(provider, _verified_events(provider, request))
    except AnymailWebhookValidationFailure as error:
        raise InvalidSignature("The provider's signature is missing or wrong.") from error
    except ImproperlyConfigured as error:
        raise NotConfigured(str(error)) from error
    except MALFORMED as error:
        raise bounces.UnreadableReport("A part of this report is missing, or wrong.") from error


def _verified_events(provider: str, request: HttpRequest) -> list[AnymailTrackingEvent]:
    # A view for each request: some keep state of what they parse.
    view = WEBHOOKS[provider]()
    view.run_validators(request)
    events: list[AnymailTrackingEvent] = view.parse_events(request)
    return events
