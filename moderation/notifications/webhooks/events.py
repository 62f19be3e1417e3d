"""Record events for webhooks (transactional outbox).

An event is recorded in the transaction of the change itself: so nothing is delivered that did not
happen, and nothing that happened is lost, whatever dies in between. `delivery` delivers it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import prefetch_related_objects

from comments.models import Comment
from moderation.models import Decision, DecisionSource
from moderation.models.webhook import Delivery, Event, EventType, Webhook
from moderation.rules.verdicts import Verdict

DECIDED: Mapping[str, EventType] = {
    Verdict.APPROVE: EventType.APPROVED,
    Verdict.HOLD: EventType.HELD,
    Verdict.REJECT: EventType.REJECTED,
    Verdict.SPAM: EventType.SPAM,
    Verdict.DELETE: EventType.DELETED,
}
# Events of a moderator's decision, which are withdrawn when it is undone within the undo window.
WITHDRAWABLE = (*DECIDED.values(), EventType.APPEAL_RESOLVED)
# Longer texts are truncated, so that an event stays below 20 kB (Standard Webhooks); bytes of JSON.
MAX_BODY, MAX_URL, MAX_WEBSITE, MAX_TEXT = 7000, 2000, 1000, 4000


class NewEvent(NamedTuple):
    """An event to record: its comment, more payload, and the delay until the first attempt."""

    type: EventType
    comment: Comment
    data: Mapping[str, Any] = {}
    delay: timedelta = timedelta()


def record(new_events: Sequence[NewEvent], *, now: datetime) -> None:
    """Record events, and a delivery to each webhook that subscribes to them.

    Must be called in the transaction of the change itself.
    """
    rows = composed(new_events, now=now)
    Event.objects.bulk_create(row for row in rows if isinstance(row, Event))
    Delivery.objects.bulk_create(row for row in rows if isinstance(row, Delivery))


def composed(new_events: Sequence[NewEvent], *, now: datetime) -> list[Event | Delivery]:
    """Return the rows of events and of their deliveries, which whoever calls stores."""
    webhooks = _active_webhooks({new.comment.site_id for new in new_events})
    subscribed = [
        (new, subscribers)
        for new in new_events
        if (subscribers := _subscribers(webhooks.get(new.comment.site_id, []), new.type))
    ]
    prefetch_related_objects([new.comment for new, _ in subscribed], "thread")
    events = [_event(new, now=now) for new, _ in subscribed]
    deliveries = [
        Delivery(webhook=webhook, event=event, comment=new.comment, next_attempt_at=now + new.delay)
        for event, (new, subscribers) in zip(events, subscribed, strict=True)
        for webhook in subscribers
    ]
    return [*events, *deliveries]


def record_decisions(
    decided: Iterable[tuple[Decision, Comment]], *, undone: Iterable[UUID], now: datetime
) -> None:
    """Record the events of decisions; a moderator's is delivered after the undo window.

    `undone` are the comments on which a decision was undone. Where the event of that decision was
    not delivered yet, neither is delivered.
    """
    decided = list(decided)
    if not _active_webhooks({comment.site_id for _, comment in decided}):
        return
    silent = _withdraw([comment.pk for _, comment in decided], now=now) & set(undone)
    record(
        [
            NewEvent(
                DECIDED[decision.verdict],
                comment,
                {"decision": _decision_payload(decision)},
                undo_window(decision.source),
            )
            for decision, comment in decided
            if comment.pk not in silent
        ],
        now=now,
    )


def undo_window(source: str) -> timedelta:
    """Return for how long a decision is not announced: a moderator's may be undone meanwhile."""
    can_be_undone = source == DecisionSource.MODERATOR
    return timedelta(seconds=settings.UNDO_SECONDS) if can_be_undone else timedelta()


def test(webhook: Webhook, *, now: datetime) -> Delivery:
    """Record a test event for one webhook."""
    data = {"message": "This is a test."}
    event = Event.objects.create(
        site_id=webhook.site_id, type=EventType.TEST, data=data, created_at=now
    )
    return Delivery.objects.create(webhook=webhook, event=event, next_attempt_at=now)


def _active_webhooks(sites: Iterable[UUID]) -> dict[UUID, list[Webhook]]:
    webhooks: dict[UUID, list[Webhook]] = {}
    for webhook in Webhook.objects.active().filter(site__in=list(sites)):
        webhooks.setdefault(webhook.site_id, []).append(webhook)
    return webhooks


def _subscribers(webhooks: Iterable[Webhook], event_type: EventType) -> list[Webhook]:
    return [webhook for webhook in webhooks if webhook.wants(event_type)]


def _withdraw(comments: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """Delete the events of decisions on these comments that nobody attempted; return of which."""
    withdrawn = Delivery.objects.withdrawable(now).filter(
        comment__in=comments, event__type__in=WITHDRAWABLE
    )
    rows = list(withdrawn.values_list("event", "comment"))
    Event.objects.filter(pk__in={event for event, _ in rows}).delete()
    return {comment for _, comment in rows}


def _event(new: NewEvent, *, now: datetime) -> Event:
    comment = new.comment
    return Event(
        site_id=comment.site_id,
        comment=comment,
        type=new.type,
        data={"comment": comment_payload(comment), **_truncated(new.data)},
        created_at=now,
    )


def comment_payload(comment: Comment) -> dict[str, Any]:
    """Return a comment as receivers get it: long texts truncated, and without an email address."""
    body = truncate(comment.body, MAX_BODY)
    return {
        "id": str(comment.pk),
        "thread": {
            "key": truncate(comment.thread.key, MAX_URL),
            "url": truncate(comment.thread.url, MAX_URL),
        },
        "parent": str(comment.parent_id) if comment.parent_id else None,
        "author_id": str(comment.author_id) if comment.author_id else None,
        "author_name": comment.author_name,
        "author_url": truncate(comment.author_url, MAX_WEBSITE),
        "body": body,
        "truncated": body != comment.body,
        "revision": comment.revision,
        "created_at": comment.created_at.isoformat(),
    }


def _decision_payload(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.pk),
        "verdict": str(decision.verdict),
        "source": str(decision.source),
        "decided_at": decision.decided_at.isoformat(),
        "reasoning": decision.reasoning,
        "overrides": str(decision.overrides_id) if decision.overrides_id else None,
        "undoes": decision.undoes,
    }


def _truncated(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {k: truncate(v, MAX_TEXT) if isinstance(v, str) else v for k, v in part.items()}
        for name, part in data.items()
    }


def truncate(text: str, most: int) -> str:
    """Return the beginning of a text that takes up to `most` bytes in JSON."""
    # Long enough for any text whose letters take one byte each; then less and less.
    text = text[:most]
    while (size := len(json.dumps(text, ensure_ascii=False).encode())) > most + 2:
        text = text[: min(len(text) - 1, len(text) * most // size)]
    return text
