"""Inquiries: a site's external moderator judges each comment before the rules decide.

The screening of the comment is suspended until the answer is there or the deadline has passed, and
is then resumed, with the answer as one more finding; nothing else waits. Inquiries are sent by a
task of their own and retried with the same id; see `moderation.models.deliverable`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from comments.models import Comment
from moderation.models import (
    DeliveryState,
    ExternalModerator,
    Inquiry,
    Opinion,
    Screening,
    delivery_errors,
)
from moderation.models.deliverable import clean_error
from moderation.notifications.webhooks import events, http_client, outcomes, signatures
from moderation.notifications.webhooks.http_client import Outcome, Response
from moderation.notifications.webhooks.signatures import Message

TIMEOUT = 10.0
# Statuses by which the endpoint accepts an inquiry and promises an answer through the API.
ANSWER_FOLLOWS = (HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
LONGEST_EXPLANATION = 500


class InvalidAnswer(ValueError):
    """The answer can't be read; the message says why."""


class ExternalAnswer(NamedTuple):
    """The verdict of an external moderator about a comment."""

    opinion: Opinion
    explanation: str = ""


def defer(comments: Sequence[Comment], *, now: datetime) -> set[UUID]:
    """Suspend screenings for which an external moderator must answer; return the comments' ids."""
    sites = {comment.site_id for comment in comments}
    enabled = ExternalModerator.objects.filter(site__in=sites, disabled_at=None)
    moderators = {moderator.site_id: moderator for moderator in enabled}
    concerned = [comment for comment in comments if comment.site_id in moderators]
    return _ensure_inquiries(concerned, moderators, now=now) if concerned else set()


def ask(*, now: datetime) -> bool:
    """Send one batch of inquiries that are due, and return whether there were any."""
    related = Inquiry.objects.select_related("moderator__site", "screening__comment__thread")
    inquiries = related.claim(now=now)
    pairs = signatures.requests_for(inquiries, partial(_request, now=now), now=now)
    results = http_client.send_all([request for _, request in pairs], timeout=TIMEOUT)
    for (inquiry, _), outcome in zip(pairs, results, strict=True):
        _record_outcome(inquiry, outcome, now=now)
    return bool(inquiries)


def is_due(*, now: datetime) -> bool:
    """Tell whether an inquiry is due."""
    return Inquiry.objects.due(now).exists()


def end_waiting(*, now: datetime) -> None:
    """Resume the screening of comments whose deadline has passed without an answer."""
    Screening.objects.filter(waits_until__lte=now).update(waits_until=None)


@transaction.atomic
def record(inquiry: Inquiry, answer: ExternalAnswer) -> bool:
    """Store an answer and resume the screening; return False where there is an answer already."""
    recorded = (
        Inquiry.objects.open()
        .filter(pk=inquiry.pk)
        .update(
            opinion=answer.opinion,
            explanation=answer.explanation,
            state=DeliveryState.DELIVERED,
            claimed_until=None,
        )
    )
    if not recorded:
        return False
    Screening.objects.filter(pk=inquiry.screening_id).update(waits_until=None)
    return True


def read(payload: Any) -> ExternalAnswer:
    """Return the answer in parsed JSON. Raises InvalidAnswer."""
    if not isinstance(payload, Mapping) or payload.get("verdict") not in Opinion.values:
        raise InvalidAnswer(f'"verdict" must be one of {", ".join(Opinion.values)}.')
    explanation = payload.get("explanation") or ""
    if not isinstance(explanation, str):
        raise InvalidAnswer('"explanation" must be a text.')
    clean = explanation.replace("\x00", "").strip()
    return ExternalAnswer(Opinion(payload["verdict"]), clean[:LONGEST_EXPLANATION])


@transaction.atomic
def _ensure_inquiries(
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
            inquiry = _new_inquiry(screening, comment, moderators[comment.site_id], now=now)
        if inquiry and _is_awaited(inquiry, now=now):
            waiting.append(inquiry)
    Inquiry.objects.bulk_create([inquiry for inquiry in waiting if inquiry._state.adding])
    return _suspend(waiting)


def _is_awaited(inquiry: Inquiry, *, now: datetime) -> bool:
    return not inquiry.opinion and inquiry.deadline_at > now


def _new_inquiry(
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


def _suspend(inquiries: Sequence[Inquiry]) -> set[UUID]:
    """Suspend screenings, as if no worker had claimed them."""
    for inquiry in inquiries:
        inquiry.screening.attempts, inquiry.screening.claimed_until = 0, None
        inquiry.screening.waits_until = inquiry.deadline_at
    Screening.objects.bulk_update(
        [inquiry.screening for inquiry in inquiries], ["attempts", "claimed_until", "waits_until"]
    )
    return {inquiry.screening.comment_id for inquiry in inquiries}


def _request(inquiry: Inquiry, *, now: datetime) -> http_client.Request:
    comment = inquiry.screening.comment
    data = {
        "comment": events.comment_payload(comment),
        "site": inquiry.moderator.site.slug,
        "deadline": inquiry.deadline_at.isoformat(),
        "answer_url": f"{settings.PUBLIC_URL}/api/v1/comments/{comment.pk}/findings",
    }
    message = Message(str(inquiry.pk), "comment.inquiry", inquiry.asked_at, data)
    return signatures.request(inquiry.moderator, message, now=now)


def _record_outcome(inquiry: Inquiry, outcome: Outcome, *, now: datetime) -> None:
    """Store the answer, or wait for it where one is promised, or retry."""
    if error := outcomes.failure(outcome):
        _fail(inquiry, error, now=now)
        if outcomes.is_gone(outcome):
            _disable(inquiry.moderator, because=error, now=now)
    elif isinstance(outcome, Response) and outcome.status in ANSWER_FOLLOWS:
        inquiry.succeed(now=now)
    elif isinstance(outcome, Response):
        _record_body(inquiry, outcome.body, now=now)


def _record_body(inquiry: Inquiry, body: bytes, *, now: datetime) -> None:
    try:
        record(inquiry, read(json.loads(body)))
    except (ValueError, RecursionError) as error:
        _fail(inquiry, delivery_errors.UNREADABLE % {"error": error}, now=now)


def _fail(inquiry: Inquiry, error: str, *, now: datetime) -> None:
    inquiry.fail(error, now=now)
    ExternalModerator.objects.filter(pk=inquiry.moderator_id).update(
        last_error=clean_error(error), last_error_at=now
    )


@transaction.atomic
def _disable(moderator: ExternalModerator, *, because: str, now: datetime) -> None:
    moderator.disable(because=because, now=now)
    release(moderator)


def release(moderator: ExternalModerator) -> None:
    """Resume the screening of all comments that wait for a moderator."""
    Screening.objects.filter(inquiry__moderator=moderator).update(waits_until=None)
