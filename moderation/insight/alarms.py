"""Alarms: notify a site's moderators when its queue is long or old, and daily of what waits.

Also when flood mode begins or ends, and when scores or verdicts drift, which is looked at once an
hour. The queues are checked once a minute. Each exceeded threshold is notified of once, by mail and
to a webhook, and again only after the queue has fallen below it.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Role, Site, User
from moderation.insight import drift, drift_in_words
from moderation.insight.alarm_words import how_many, too_old
from moderation.models import Alarm, MailKind, Reviewable
from moderation.models.alarm import AlarmFormat
from moderation.models.reviewable import ReviewableQuerySet
from moderation.notifications import messengers
from moderation.notifications.mail import action_links, outbox
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.notifications.webhooks import http_client, outcomes
from moderation.review.queue import blind
from moderation.review.queue.queue import ORDERS

# How many comments an email message shows, the most urgent first.
MAX_COMMENTS = 10
# What a check changes of an alarm; the state of the webhook's delivery is not its business.
CHECKED = ("long_since", "old_since", "digest_on")


class QueueStatus(NamedTuple):
    """How many comments wait at a site, and since when."""

    waiting: int
    oldest_at: datetime | None


class Alert(NamedTuple):
    """A notification of one site: the state of its queue, and the reasons in words."""

    alarm: Alarm
    queue: QueueStatus
    reasons: Sequence[str | Promise]


def check_queues(*, now: datetime) -> int:
    """Check every queue that has a threshold, notify, and return of how many queues."""
    active = Q(queue_size__gt=0) | Q(queue_hours__gt=0) | Q(digest_hour__gte=0)
    alarms = Alarm.objects.filter(active).values_list("pk", flat=True)
    return sum(_check_queue(pk, now=now) for pk in alarms)


def check_drift(*, now: datetime) -> int:
    """Compare what becomes of comments with what became of them, and notify of what has drifted.

    Return at how many sites.
    """
    alarms = Alarm.objects.filter(drift=True).values_list("pk", flat=True)
    return sum(_check_drift(pk, now=now) for pk in alarms)


def announce(site: Site, reasons: Sequence[str | Promise], *, now: datetime) -> None:
    """Notify of what happened at a site, by mail where it has set no alarms."""
    alarm = Alarm.objects.filter(site=site).first() or Alarm(site=site)
    if alarm.flood:
        _notify(Alert(alarm, _queue_status(alarm), reasons), now=now)


def deliver(*, now: datetime) -> bool:
    """Send the payload of one webhook that is due, and return whether there was one."""
    alarms = Alarm.objects.claim(now=now)
    for alarm in alarms:
        alarm.record_outcome(_send(alarm), now=now)
    return bool(alarms)


def _send(alarm: Alarm) -> str:
    """Send a payload, and return why that failed; "" when it did not."""
    if alarm.shape == AlarmFormat.MESSENGER:
        # It may have been written for another format, in which the title is in the text.
        texts = {name: (alarm.payload or {}).get(name, "") for name in ("title", "text")}
        return messengers.send(alarm.url, **texts)
    body = json.dumps(alarm.payload).encode()
    headers = {"Content-Type": "application/json"}
    try:
        return outcomes.failure(http_client.send("POST", alarm.url, body=body, headers=headers))
    except http_client.Unreachable as error:
        return str(error)


@transaction.atomic
def _check_queue(pk: int, *, now: datetime) -> bool:
    alarm = Alarm.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)
    queue = _queue_status(alarm)
    reasons = [*_exceeded(alarm, queue, now=now), *_daily(alarm, queue, now=now)]
    alarm.save(update_fields=CHECKED)
    if reasons:
        _notify(Alert(alarm, queue, reasons), now=now)
    return bool(reasons)


@transaction.atomic
def _check_drift(pk: int, *, now: datetime) -> bool:
    alarm = Alarm.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)
    drifts = drift.of_site(alarm.site, now=now)
    is_new = bool(drifts) and alarm.drifting_since is None
    alarm.drifting_since = (alarm.drifting_since or now) if drifts else None
    alarm.save(update_fields=["drifting_since"])
    if is_new:
        _notify(Alert(alarm, _queue_status(alarm), drift_in_words.sentences(drifts)), now=now)
    return is_new


def _queue_status(alarm: Alarm) -> QueueStatus:
    waiting = Reviewable.objects.open().filter(site=alarm.site_id)
    return QueueStatus(*waiting.aggregate(n=Count("pk"), oldest=Min("opened_at")).values())


def _exceeded(alarm: Alarm, queue: QueueStatus, *, now: datetime) -> list[str | Promise]:
    """Return in words which thresholds are exceeded since this check, and note it on the alarm."""
    hours = alarm.queue_hours
    is_long = bool(alarm.queue_size) and queue.waiting >= (alarm.queue_size or 0)
    is_old = bool(hours and queue.oldest_at and now - queue.oldest_at > timedelta(hours=hours))
    reasons: list[str | Promise] = []
    if is_long and alarm.long_since is None:
        reasons.append(how_many(queue.waiting))
    if hours and is_old and alarm.old_since is None:
        reasons.append(too_old(hours))
    alarm.long_since = (alarm.long_since or now) if is_long else None
    alarm.old_since = (alarm.old_since or now) if is_old else None
    return reasons


def _daily(alarm: Alarm, queue: QueueStatus, *, now: datetime) -> list[str | Promise]:
    if alarm.digest_hour is None or now.hour < alarm.digest_hour or alarm.digest_on == now.date():
        return []
    alarm.digest_on = now.date()
    return [_("This is what waits today.")] if queue.waiting else []


def _notify(alert: Alert, *, now: datetime) -> None:
    alarm = alert.alarm
    if alarm.url:
        # A payload that the webhook has not taken yet is out of date: the new one replaces it.
        Alarm.objects.filter(pk=alarm.pk).retry(now=now, payload=_payload(alert))
    if alarm.by_mail:
        for user, is_owner in _recipients(alarm):
            context = _context(alert, user, with_escalated=is_owner)
            email = OutgoingEmail(
                kind=MailKind.ALARM,
                to=user.email,
                language=user.mail_language,
                context=context,
                site=alarm.site,
            )
            outbox.enqueue(email, now=now)


def _recipients(alarm: Alarm) -> list[tuple[User, bool]]:
    """Return who decides at the site, and whether that is an owner."""
    roles = Role.at_least(Role.MODERATOR)
    members = alarm.site.memberships.filter(role__in=roles, user__is_active=True)
    return [(m.user, m.role == Role.OWNER) for m in members.select_related("user")]


def _context(alert: Alert, user: User, *, with_escalated: bool) -> dict[str, Any]:
    """Return what the templates show: the most urgent comments; escalated ones to owners alone."""
    waiting = Reviewable.objects.open().at([alert.alarm.site])
    if not with_escalated:
        waiting = waiting.filter(escalated_at=None)
    count = alert.queue.waiting
    return email_context(
        alert.alarm.site, user, reasons=alert.reasons, waiting=count, entries=waiting, count=count
    )


def email_context(
    site: Site,
    user: User,
    *,
    reasons: Sequence[str | Promise],
    waiting: int,
    entries: ReviewableQuerySet,
    count: int,
) -> dict[str, Any]:
    """Return what the templates show: why, how many wait, the most urgent of `count`."""
    urgent = list(entries.with_comments().order_by(*ORDERS["priority"])[:MAX_COMMENTS])
    blind.hide_entries(urgent)
    return {
        "why": reasons,
        "headline": how_many(waiting),
        "waiting": waiting,
        "queue": _queue_page(site),
        "rows": [
            {
                "why": r.get_why_display(),
                "comment": r.comment,
                "links": action_links.links(r.comment, user),
            }
            for r in urgent
        ],
        "more": max(0, count - MAX_COMMENTS),
    }


def _queue_page(site: Site) -> str:
    page = reverse("admin:moderation_reviewable_changelist")
    return urljoin(settings.PUBLIC_URL, f"{page}?site={site.slug}")


def _payload(alert: Alert) -> dict[str, Any]:
    """Return the payload for the webhook; it holds no comment and no name of a person."""
    alarm, queue, reasons = alert
    page = _queue_page(alarm.site)
    if alarm.shape == AlarmFormat.JSON:
        return {
            "type": "queue.alarm",
            "site": alarm.site.slug,
            "why": list(map(str, reasons)),
            "waiting": queue.waiting,
            "oldest_at": queue.oldest_at.isoformat() if queue.oldest_at else None,
            "queue": page,
        }
    if alarm.shape == AlarmFormat.MESSENGER:
        return {"title": alarm.site.name, "text": f"{' '.join(map(str, reasons))}\n{page}"}
    # The three characters that Slack wants escaped.
    name = alarm.site.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"*{name}*: {' '.join(map(str, reasons))} <{page}|{gettext('Open the queue')}>"}
