"""Alarming: a site's people are told when its queue grows long or old, and what waits each day.

Looked at once a minute. Of each crossing of a limit is told once, by mail and to a webhook, and
again only after the queue has fallen below it.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q
from django.urls import reverse

from comments.models import Role, User
from moderation.models import Alarm, MailKind, Reviewable
from moderation.models.alarm import AlarmFormat
from moderation.notifications.mail import action_links, outbox
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.notifications.webhooks import http_client
from moderation.review.queue.queue import ORDERS

# A mail shows so many comments, the most urgent.
SHOWN = 10
BACKOFF = tuple(timedelta(seconds=s) for s in (30, 300, 1800, 7200, 21_600))
LEASE = timedelta(seconds=60)


class QueueStatus(NamedTuple):
    """How much waits at a site, and since when."""

    waiting: int
    oldest_at: datetime | None


def check_queues(*, now: datetime) -> int:
    """Look at every queue that has an alarm, tell what there is to tell, and return of how many."""
    wanted = Q(queue_size__gt=0) | Q(queue_hours__gt=0) | Q(digest_hour__gte=0)
    told = 0
    for pk in Alarm.objects.filter(wanted).values_list("pk", flat=True):
        told += _watch_one(pk, now=now)
    return told


def deliver(*, now: datetime) -> bool:
    """Tell one webhook what it has not taken yet, and tell whether there was one to tell."""
    alarm = _claim(now=now)
    if alarm is None:
        return False
    body = json.dumps(alarm.unsent).encode()
    headers = {"Content-Type": "application/json"}
    try:
        answer = http_client.send("POST", alarm.url, body=body, headers=headers)
        error = "" if 200 <= answer.status < 300 else f"The receiver answered {answer.status}."
    except http_client.Unreachable as unreachable:
        error = str(unreachable)
    _record(alarm, error, now=now)
    return True


@transaction.atomic
def _watch_one(pk: int, *, now: datetime) -> bool:
    alarm = Alarm.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)
    queue = _queue(alarm)
    why = [*_crossings(alarm, queue, now=now), *_daily(alarm, queue, now=now)]
    if why:
        _tell(alarm, queue, why, now=now)
    alarm.save()
    return bool(why)


def _queue(alarm: Alarm) -> QueueStatus:
    waiting = Reviewable.objects.open().filter(site=alarm.site_id)
    return QueueStatus(*waiting.aggregate(n=Count("pk"), oldest=Min("opened_at")).values())


def _crossings(alarm: Alarm, queue: QueueStatus, *, now: datetime) -> list[str]:
    """Return in words which limits the queue has passed since the last look, and remember it."""
    hours = alarm.queue_hours
    is_long = bool(alarm.queue_size) and queue.waiting > (alarm.queue_size or 0)
    is_old = bool(hours and queue.oldest_at and now - queue.oldest_at > timedelta(hours=hours))
    told = []
    if is_long and alarm.long_since is None:
        told.append(f"More than {alarm.queue_size} comments wait.")
    if is_old and alarm.old_since is None:
        told.append(f"A comment has waited for more than {hours} hours.")
    alarm.long_since = (alarm.long_since or now) if is_long else None
    alarm.old_since = (alarm.old_since or now) if is_old else None
    return told


def _daily(alarm: Alarm, queue: QueueStatus, *, now: datetime) -> list[str]:
    if alarm.digest_hour is None or now.hour < alarm.digest_hour or alarm.digest_on == now.date():
        return []
    alarm.digest_on = now.date()
    return ["This is what waits today."] if queue.waiting else []


def _tell(alarm: Alarm, queue: QueueStatus, why: Sequence[str], *, now: datetime) -> None:
    if alarm.url:
        alarm.unsent = _message(alarm, queue, why)
        alarm.attempts, alarm.next_attempt_at = 0, now
    if alarm.by_mail:
        for user, is_owner in _people(alarm):
            _write(alarm, queue, why, user, escalated=is_owner, now=now)


def _people(alarm: Alarm) -> list[tuple[User, bool]]:
    """Return who decides at the site, and whether that is an owner."""
    roles = Role.at_least(Role.MODERATOR)
    members = alarm.site.memberships.filter(role__in=roles, user__is_active=True)
    return [(m.user, m.role == Role.OWNER) for m in members.select_related("user")]


def _write(
    alarm: Alarm,
    queue: QueueStatus,
    why: Sequence[str],
    user: User,
    *,
    escalated: bool,
    now: datetime,
) -> None:
    """Write a mail with the most urgent comments; what was escalated is for owners alone."""
    waiting = Reviewable.objects.open().at([alarm.site])
    if not escalated:
        waiting = waiting.filter(escalated_at=None)
    urgent = waiting.with_comments().order_by(*ORDERS["priority"])[:SHOWN]
    context = {
        "why": why,
        "waiting": queue.waiting,
        "queue": _queue_page(alarm),
        "rows": [
            {"reviewable": row, "comment": row.comment, "links": _links(row, user)}
            for row in urgent
        ],
        "more": max(0, queue.waiting - SHOWN),
    }
    letter = OutgoingEmail(
        kind=MailKind.ALARM, to=user.email, language="en", context=context, site=alarm.site
    )
    outbox.enqueue(letter, now=now)


def _links(row: Reviewable, user: User) -> dict[str, str]:
    return action_links.links(row.comment, user)


def _queue_page(alarm: Alarm) -> str:
    page = reverse("admin:moderation_reviewable_changelist")
    return f"{settings.PUBLIC_URL}{page}?site={alarm.site.slug}"


def _message(alarm: Alarm, queue: QueueStatus, why: Sequence[str]) -> dict[str, Any]:
    """Return what a webhook is told; no comment and no name is in it."""
    page = _queue_page(alarm)
    if alarm.shape == AlarmFormat.JSON:
        return {
            "type": "queue.alarm",
            "site": alarm.site.slug,
            "why": list(why),
            "waiting": queue.waiting,
            "oldest_at": queue.oldest_at.isoformat() if queue.oldest_at else None,
            "queue": page,
        }
    # Slack's own three characters, which it wants escaped.
    name = alarm.site.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"*{name}*: {' '.join(why)} {queue.waiting} wait. <{page}|Open the queue>"}


@transaction.atomic
def _claim(*, now: datetime) -> Alarm | None:
    due = Alarm.objects.filter(next_attempt_at__lte=now, unsent__isnull=False)
    locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at")
    alarm = locked.first()
    if alarm is not None:
        alarm.attempts += 1
        alarm.next_attempt_at = now + LEASE
        alarm.save(update_fields=["attempts", "next_attempt_at"])
    return alarm


def _record(alarm: Alarm, error: str, *, now: datetime) -> None:
    """Forget what was taken, or given up; what has come up meanwhile stays to be sent."""
    over = not error or alarm.attempts > len(BACKOFF)
    wait = None if over else now + BACKOFF[alarm.attempts - 1]
    changes: dict[str, Any] = {"last_error": error[:300], "next_attempt_at": wait}
    if over:
        changes["unsent"] = None
    Alarm.objects.filter(pk=alarm.pk, attempts=alarm.attempts).update(**changes)
