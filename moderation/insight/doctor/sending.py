"""Examine whether mails and webhooks arrive, by what came of the latest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Min
from django.utils.timesince import timesince
from django.utils.translation import gettext

from moderation.insight.doctor.diagnosis import Diagnosis, error, warning
from moderation.models import Delivery, DeliveryState, Mail, Webhook, delivery_errors
from moderation.models.delivery_errors import in_words

RECENT = timedelta(days=7)
# A server that is away for less is none of anybody's business.
PATIENCE = timedelta(minutes=10)


def mail(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a mail server that takes nothing, and of mails that were given up."""
    failing = Mail.objects.waiting().filter(created_at__lt=now - PATIENCE).exclude(last_error="")
    if oldest := failing.order_by("created_at").first():
        text = gettext("A mail has not been taken for %(time)s: %(error)s")
        text %= {"time": timesince(oldest.created_at, now), "error": in_words(oldest.last_error)}
        advice = gettext("Look at EMAIL_URL; “manage.py send_test_mail ADDRESS” tries it.")
        yield error(text, advice)
    # The text of what bounced is cleared: its address was wrong.
    dead = Mail.objects.filter(state=DeliveryState.DEAD, created_at__gt=now - RECENT)
    if last := dead.exclude(text="").exclude(last_error=delivery_errors.SUPPRESSED).first():
        text = gettext("Mails of this week were given up, the last one because of: %(error)s")
        advice = gettext("The desk lists them under “Mail”, and sends them again.")
        yield warning(text % {"error": in_words(last.last_error)}, advice)


def webhooks(now: datetime) -> Iterator[Diagnosis]:
    """Tell of receivers that take nothing, and for how long."""
    failing = Delivery.objects.waiting().filter(event__created_at__lt=now - PATIENCE)
    late = dict(
        failing.exclude(last_error="").values_list("webhook").annotate(Min("event__created_at"))
    )
    for webhook in Webhook.objects.active().filter(pk__in=late).select_related("site"):
        # Not the whole address: with some receivers its path is the secret.
        host = urlsplit(webhook.url).hostname
        text = gettext("A webhook of %(site)s to %(host)s is behind by %(time)s.")
        behind = timesince(late[webhook.pk], now)
        yield warning(
            text % {"site": webhook.site, "host": host, "time": behind},
            gettext("The desk lists under “Deliveries” what it answered."),
        )
