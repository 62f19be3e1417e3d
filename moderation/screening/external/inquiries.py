"""Asking: a site's external moderator is asked about each comment before the rules decide.

The comment waits, and nothing else does: its screening is put aside until the answer is there or
the deadline has passed, and then goes on like any other, with the answer as one more finding.
Questions are sent by their own task, again when nobody took them, with the same id.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from comments.models import Comment
from moderation.models import ExternalModerator, Inquiry, Opinion, Screening
from moderation.notifications.webhooks import events, http_client, signatures

BATCH = 16
TIMEOUT = 10.0
LEASE = timedelta(seconds=30)
# What passes between two attempts; the last one again and again until the deadline.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300))
GONE = 410
LONGEST_EXPLANATION = 500


class InvalidAnswer(ValueError):
    """What came back says nothing that we understand; the message says why."""


class ExternalAnswer(NamedTuple):
    """What an external moderator says of a comment."""

    opinion: Opinion
    explanation: str = ""


def defer(comments: Sequence[Comment], *, now: datetime) -> set[UUID]:
    """Have those comments wait about which somebody must still be asked, and return their ids."""
    found = ExternalModerator.objects.filter(
        site__in={comment.site_id for comment in comments}, disabled_at=None
    )
    moderators = {moderator.site_id: moderator for moderator in found}
    concerned = [comment for comment in comments if comment.site_id in moderators]
    return _inquire(concerned, moderators, now=now) if concerned else set()


def ask(*, now: datetime) -> bool:
    """Send questions that are due, and tell whether there were any."""
    inquiries = _claim(now=now)
    requests = [_request(inquiry, now=now) for inquiry in inquiries]
    answers = http_client.send_all(requests, timeout=TIMEOUT)
    for inquiry, answer in zip(inquiries, answers, strict=True):
        _hear(inquiry, answer, now=now)
    return bool(inquiries)


def is_due(*, now: datetime) -> bool:
    """Tell whether a question waits to be sent."""
    return Inquiry.objects.due(now).exists()


def end_waiting(*, now: datetime) -> None:
    """Let those comments go on about which nobody answered in time."""
    Screening.objects.filter(waits_until__lte=now).update(waits_until=None)


@transaction.atomic
def record(inquiry: Inquiry, answer: ExternalAnswer) -> bool:
    """Keep an answer unless there is one; tell whether it was kept. The comment waits no more."""
    open_one = Inquiry.objects.open().filter(pk=inquiry.pk)
    if not open_one.update(opinion=answer.opinion, explanation=answer.explanation):
        return False
    Screening.objects.filter(pk=inquiry.screening_id).update(waits_until=None)
    return True


def read(told: Any) -> ExternalAnswer:
    """Return the answer in parsed JSON. Raises InvalidAnswer."""
    if not isinstance(told, Mapping) or told.get("verdict") not in Opinion.values:
        raise InvalidAnswer(f'"verdict" must be one of {", ".join(Opinion.values)}.')
    explanation = told.get("explanation") or ""
    if not isinstance(explanation, str):
        raise InvalidAnswer('"explanation" must be a text.')
    clean = explanation.replace("\x00", "").strip()
    return ExternalAnswer(Opinion(told["verdict"]), clean[:LONGEST_EXPLANATION])


@transaction.atomic
def _inquire(
    comments: Sequence[Comment], moderators: Mapping[UUID, ExternalModerator], *, now: datetime
) -> set[UUID]:
    screenings = Screening.objects.select_related("inquiry").in_bulk(
        [comment.pk for comment in comments], field_name="comment_id"
    )
    waiting: list[Inquiry] = []
    for comment in comments:
        screening = screenings.get(comment.pk)
        inquiry = getattr(screening, "inquiry", None)
        if inquiry and inquiry.revision != comment.revision:
            inquiry.delete()
            inquiry = None
        if screening and inquiry is None:
            inquiry = _inquiry(screening, comment, moderators[comment.site_id], now=now)
        if inquiry and _waits(inquiry, now=now):
            waiting.append(inquiry)
    Inquiry.objects.bulk_create([inquiry for inquiry in waiting if inquiry._state.adding])
    return _wait(waiting)


def _waits(inquiry: Inquiry, *, now: datetime) -> bool:
    return not inquiry.opinion and inquiry.deadline_at > now


def _inquiry(
    screening: Screening, comment: Comment, moderator: ExternalModerator, *, now: datetime
) -> Inquiry:
    return Inquiry(
        screening=screening,
        moderator=moderator,
        revision=comment.revision,
        asked_at=now,
        deadline_at=now + moderator.time_to_answer,
        next_attempt_at=now,
    )


def _wait(inquiries: Sequence[Inquiry]) -> set[UUID]:
    """Put screenings aside as if no worker had taken them."""
    for inquiry in inquiries:
        inquiry.screening.attempts, inquiry.screening.claimed_until = 0, None
        inquiry.screening.waits_until = inquiry.deadline_at
    Screening.objects.bulk_update(
        [inquiry.screening for inquiry in inquiries], ["attempts", "claimed_until", "waits_until"]
    )
    return {inquiry.screening.comment_id for inquiry in inquiries}


@transaction.atomic
def _claim(*, now: datetime) -> list[Inquiry]:
    """Take questions that are due; should this worker die, another one asks them again."""
    due = Inquiry.objects.due(now).filter(moderator__disabled_at=None)
    free = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at")
    related = free.select_related("moderator__site", "screening__comment__thread")
    inquiries = list(related[:BATCH])
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in inquiries]).update(
        attempts=F("attempts") + 1, next_attempt_at=now + LEASE
    )
    return inquiries


def _request(inquiry: Inquiry, *, now: datetime) -> http_client.Request:
    comment = inquiry.screening.comment
    payload = {
        "type": "comment.inquiry",
        "timestamp": inquiry.asked_at.isoformat(),
        "data": {
            "comment": events.shown(comment),
            "site": inquiry.moderator.site.slug,
            "deadline": inquiry.deadline_at.isoformat(),
            "answer_url": f"{settings.PUBLIC_URL}/api/v1/comments/{comment.pk}/findings",
        },
    }
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    headers = signatures.headers(inquiry.moderator, message_id=str(inquiry.pk), body=body, now=now)
    return http_client.Request(inquiry.moderator.url, body.encode(), headers)


def _hear(
    inquiry: Inquiry, answer: http_client.Response | http_client.Unreachable, *, now: datetime
) -> None:
    """Take the answer, wait for it where one is promised, and ask again where nobody took it."""
    if isinstance(answer, http_client.Unreachable):
        _try_again(inquiry, str(answer), now=now)
    elif answer.status == GONE:
        _switch_off(inquiry.moderator, now=now)
    elif answer.status in (202, 204):
        Inquiry.objects.filter(pk=inquiry.pk).update(next_attempt_at=None)
    elif not 200 <= answer.status < 300:
        _try_again(inquiry, f"It answered {answer.status}.", now=now)
    else:
        _understand(inquiry, answer.body, now=now)


def _understand(inquiry: Inquiry, body: bytes, *, now: datetime) -> None:
    try:
        record(inquiry, read(json.loads(body)))
    except (ValueError, RecursionError) as error:
        _try_again(inquiry, f"Its answer can't be read: {error}", now=now)


def _try_again(inquiry: Inquiry, error: str, *, now: datetime) -> None:
    wait = BACKOFF[min(inquiry.attempts, len(BACKOFF) - 1)]
    Inquiry.objects.filter(pk=inquiry.pk).update(next_attempt_at=now + wait)
    ExternalModerator.objects.filter(pk=inquiry.moderator_id).update(
        last_error=error[:300], last_error_at=now
    )


@transaction.atomic
def _switch_off(moderator: ExternalModerator, *, now: datetime) -> None:
    """It is gone, and said so: nobody waits for it any more."""
    ExternalModerator.objects.filter(pk=moderator.pk).update(
        disabled_at=now, last_error="It answered 410 Gone.", last_error_at=now
    )
    release(moderator)


def release(moderator: ExternalModerator) -> None:
    """Let all comments go on that wait for a moderator."""
    Screening.objects.filter(inquiry__moderator=moderator).update(waits_until=None)
