"""Callbacks: what a person said about a comment is told to the plugin that asked about it.

The body is that of Akismet's own webhook, which its WordPress plugin listens for.
"""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from comments.models import Status
from comments.privacy import email_addresses
from moderation.models import AkismetCheck
from moderation.models.akismet import CallbackState
from moderation.notifications.webhooks import http_client
from moderation.rules.outcomes import STATUSES_SETTLED

LEASE = timedelta(seconds=60)
BACKOFF = tuple(timedelta(seconds=s) for s in (60, 600, 3600, 21_600, 86_400))


def call_back(*, now: datetime) -> bool:
    """Tell one verdict that is due, and tell whether there was one."""
    check = _claim(now=now)
    if check is None:
        return False
    is_spam = check.comment is not None and check.comment.status != Status.APPROVED
    done = _send(check, is_spam=is_spam)
    _record(check, done=done, is_spam=is_spam, now=now)
    return True


@transaction.atomic
def _claim(*, now: datetime) -> AkismetCheck | None:
    """Take the next one whose comment is decided, and whose decision can't be undone unheard."""
    waiting = AkismetCheck.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        callback_state=CallbackState.WAITING,
        next_attempt_at__lte=now,
        comment__status__in=STATUSES_SETTLED,
    )
    settled = now - timedelta(seconds=settings.UNDO_SECONDS)
    decided = waiting.exclude(comment__decisions__decided_at__gt=settled)
    check = decided.select_related("comment").order_by("next_attempt_at").first()
    if check is not None:
        check.attempts += 1
        check.next_attempt_at = now + LEASE
        check.save(update_fields=["attempts", "next_attempt_at"])
    return check


def _send(check: AkismetCheck, *, is_spam: bool) -> bool:
    """Tell whether the site took it."""
    verdict = {
        "guid": check.pk.hex,
        "result": "true" if is_spam else "false",
        "comment_post_ID": int(check.post_id) if check.post_id.isdigit() else check.post_id,
    }
    body = {
        "key": email_addresses.decrypt(check.callback_key),
        "endpoint": "comment-check",
        "comments": [verdict],
    }
    # Without the second header the plugin may report the change back to us as feedback.
    headers = {"Content-Type": "application/json", "X-Akismet-Webhook": "1"}
    try:
        answer = http_client.send(
            "POST", check.callback, body=json.dumps(body).encode(), headers=headers
        )
        told = json.loads(answer.body)["comments"][check.pk.hex]["status"]
    except (http_client.Unreachable, ValueError, KeyError, TypeError):
        return False
    return bool(answer.status == 200 and told == "success")


@transaction.atomic
def _record(check: AkismetCheck, *, done: bool, is_spam: bool, now: datetime) -> None:
    check.is_spam = is_spam
    if done:
        check.callback_state = CallbackState.DONE
    elif check.attempts > len(BACKOFF):
        check.callback_state = CallbackState.DEAD
    else:
        check.next_attempt_at = now + BACKOFF[check.attempts - 1]
    if check.callback_state != CallbackState.WAITING:
        check.callback_key = ""
    check.save(update_fields=["is_spam", "callback_state", "callback_key", "next_attempt_at"])
