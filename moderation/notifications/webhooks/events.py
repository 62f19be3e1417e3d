"""The outbox: what happened is written down in the transaction in which it happened.

So nothing is told that did not happen, and nothing that happened is left untold, whatever dies in
between. `notifying` tells it.
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
from moderation.models.webhook import Delivery, DeliveryState, Event, EventType, Webhook
from moderation.rules.verdicts import Verdict

DECIDED: Mapping[str, EventType] = {
    Verdict.APPROVE: EventType.APPROVED,
    Verdict.HOLD: EventType.HELD,
    Verdict.REJECT: EventType.REJECTED,
    Verdict.SPAM: EventType.SPAM,
    Verdict.DELETE: EventType.DELETED,
}
# What is told of a moderator's decision, and not told when it is taken back in time.
WITHDRAWABLE = (*DECIDED.values(), EventType.APPEAL_RESOLVED)
# Longer texts are cut, so that an event stays below 20 kB (Standard Webhooks); in bytes of JSON.
MOST_BODY, MOST_ADDRESS, MOST_WEBSITE, MOST_TEXT = 7000, 2000, 1000, 4000


class NewEvent(NamedTuple):
    """Something to tell: of which comment, and what beside it."""

    type: EventType
    comment: Comment
    data: Mapping[str, Any] = {}
    delay: timedelta = timedelta()


def record(happenings: Sequence[NewEvent], *, now: datetime) -> None:
    """Write down what happened, for those webhooks that want to hear of it.

    Must be called in the transaction of what it tells.
    """
    webhooks = _webhooks({happening.comment.site_id for happening in happenings})
    wanted = [
        (happening, hooks)
        for happening in happenings
        if (hooks := _wanting(webhooks.get(happening.comment.site_id, []), happening.type))
    ]
    if not wanted:
        return
    prefetch_related_objects([happening.comment for happening, _ in wanted], "thread")
    events = [_event(happening, now=now) for happening, _ in wanted]
    Event.objects.bulk_create(events)
    Delivery.objects.bulk_create(
        Delivery(
            webhook=hook,
            event=event,
            comment=happening.comment,
            next_attempt_at=now + happening.delay,
        )
        for event, (happening, hooks) in zip(events, wanted, strict=True)
        for hook in hooks
    )


def record_decisions(
    decided: Iterable[tuple[Decision, Comment]], *, undone: Iterable[UUID], now: datetime
) -> None:
    """Write down decisions. A person's waits for a while, in which it can be taken back unheard.

    `undone` are the comments on which a decision was taken back. Where that one was not told yet,
    neither is told.
    """
    decided = list(decided)
    if not _webhooks({comment.site_id for _, comment in decided}):
        return
    unheard = _take_back([comment.pk for _, comment in decided], now=now)
    silent = unheard & set(undone)
    record(
        [
            NewEvent(
                DECIDED[decision.verdict],
                comment,
                {"decision": _told(decision)},
                undo_window(decision.source),
            )
            for decision, comment in decided
            if comment.pk not in silent
        ],
        now=now,
    )


def undo_window(source: str) -> timedelta:
    """Return for how long nobody hears of a decision: a person's may be taken back."""
    is_persons = source == DecisionSource.MODERATOR
    return timedelta(seconds=settings.UNDO_SECONDS) if is_persons else timedelta()


def test(webhook: Webhook, *, now: datetime) -> Delivery:
    """Write down an event by which somebody tries a webhook."""
    data = {"message": "This is a test."}
    event = Event.objects.create(
        site_id=webhook.site_id, type=EventType.TEST, data=data, created_at=now
    )
    return Delivery.objects.create(webhook=webhook, event=event, next_attempt_at=now)


def _webhooks(sites: Iterable[UUID]) -> dict[UUID, list[Webhook]]:
    found: dict[UUID, list[Webhook]] = {}
    for webhook in Webhook.objects.active().filter(site__in=list(sites)):
        found.setdefault(webhook.site_id, []).append(webhook)
    return found


def _wanting(webhooks: Iterable[Webhook], event_type: EventType) -> list[Webhook]:
    return [webhook for webhook in webhooks if webhook.wants(event_type)]


def _take_back(comments: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """Drop the decisions on these comments that still wait to be told, and return of which."""
    waiting = Delivery.objects.filter(
        comment__in=comments,
        state=DeliveryState.WAITING,
        attempts=0,
        claimed_until=None,
        next_attempt_at__gt=now,
        event__type__in=WITHDRAWABLE,
    )
    dropped = list(waiting.values_list("event", "comment"))
    Event.objects.filter(pk__in={event for event, _ in dropped}).delete()
    return {comment for _, comment in dropped}


def _event(happening: NewEvent, *, now: datetime) -> Event:
    comment = happening.comment
    return Event(
        site_id=comment.site_id,
        comment=comment,
        type=happening.type,
        data={"comment": shown(comment), **_cut(happening.data)},
        created_at=now,
    )


def shown(comment: Comment) -> dict[str, Any]:
    """Return a comment as other machines are told of it: in its bounds, and without an address."""
    body = fit(comment.body, MOST_BODY)
    return {
        "id": str(comment.pk),
        "thread": {
            "key": fit(comment.thread.key, MOST_ADDRESS),
            "url": fit(comment.thread.url, MOST_ADDRESS),
        },
        "parent": str(comment.parent_id) if comment.parent_id else None,
        "author_id": str(comment.author_id) if comment.author_id else None,
        "author_name": comment.author_name,
        "author_url": fit(comment.author_url, MOST_WEBSITE),
        "body": body,
        "truncated": body != comment.body,
        "revision": comment.revision,
        "created_at": comment.created_at.isoformat(),
    }


def _told(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.pk),
        "verdict": str(decision.verdict),
        "source": str(decision.source),
        "decided_at": decision.decided_at.isoformat(),
        "reasoning": decision.reasoning,
        "overrides": str(decision.overrides_id) if decision.overrides_id else None,
        "undoes": decision.undoes,
    }


def _cut(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: fit(v, MOST_TEXT) if isinstance(v, str) else v for key, v in told.items()}
        for name, told in data.items()
    }


def fit(text: str, most: int) -> str:
    """Return as much of a text as takes up to `most` bytes in JSON."""
    # Long enough for any text whose letters take one byte each; then less and less.
    text = text[:most]
    while (size := len(json.dumps(text, ensure_ascii=False).encode())) > most + 2:
        text = text[: min(len(text) - 1, len(text) * most // size)]
    return text
