"""The cards of the queue: a comment, why it waits for review, and the buttons that decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from comments.models import Author, Comment, Role
from comments.models.author import AuthorRecord
from moderation.models import Decision, DecisionSource, Finding, Report, Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.rules.verdicts import VERDICT_OF_REASON
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.wording import (
    finding_in_words,
    masked_email,
    record_in_words,
    reports_in_words,
    score_in_words,
    waiting_time,
)
from moderation.web.desk.queue.explanations import MIN_SCORE, category_to_explain, explain

MAX_SCORES = 3


def with_card_data(queue: ReviewableQuerySet) -> ReviewableQuerySet:
    """Prefetch everything that cards show."""
    screened = Decision.objects.filter(source=DecisionSource.AUTOMATION).prefetch_related(
        "findings"
    )
    return queue.with_comments().prefetch_related(
        "escalated_by",
        "comment__parent",
        "comment__author__notes",
        Prefetch("comment__reports", Report.objects.order_by("-id")),
        Prefetch("comment__decisions", screened, to_attr="screened"),
    )


def cards(page: Sequence[Reviewable], request: HttpRequest, *, here: str) -> list[dict[str, Any]]:
    """Return the template contexts of a page of cards.

    `here` is the page's URL; after a decision, a card redirects to the one below it.
    """
    moderated = set(sites_of(request, Role.MODERATOR).values_list("pk", flat=True))
    authors = {row.comment.author_id for row in page if row.comment.author_id}
    records = Author.objects.records(authors)
    now = timezone.now()
    return [
        {
            **_card(reviewable, records, now=now),
            "may_decide": reviewable.site_id in moderated,
            "claimed_by_other": _claim_holder(reviewable, now) not in (None, user_of(request)),
            "back": f"{here}#c-{below.comment_id}" if below else here,
        }
        for reviewable, below in zip_longest(page, page[1:])
    ]


def render_card(comment: UUID, request: HttpRequest) -> str:
    """Return the HTML of a comment's card, or "" when it is no longer in the queue."""
    entries = Reviewable.objects.open().filter(comment=comment, site__in=sites_of(request))
    page = list(with_card_data(entries))
    here = reverse("admin:moderation_reviewable_changelist")
    return "".join(
        render_to_string("desk/card.html", {"card": card}, request)
        for card in cards(page, request, here=here)
    )


def _card(
    reviewable: Reviewable, records: Mapping[UUID, AuthorRecord], *, now: datetime
) -> dict[str, Any]:
    comment, author = reviewable.comment, reviewable.comment.author
    findings = _findings(reviewable)
    explanation = explain(comment, category_to_explain(findings, reviewable.category))
    return {
        "reviewable": reviewable,
        "comment": comment,
        "html": explanation.html(comment),
        "explanation": explanation,
        "email": masked_email(author),
        "record": record_in_words(records.get(author.pk, {})) if author else "",
        "notes": list(author.notes.all()) if author else [],
        "waiting": waiting_time(reviewable.opened_at, now),
        "scores": [score_in_words(finding) for finding in _highest_scores(findings)],
        "findings": [finding_in_words(f) for f in findings if f.reason in VERDICT_OF_REASON],
        "reports": reports_in_words(
            report for report in comment.reports.all() if report.revision == comment.revision
        ),
        "holder": _claim_holder(reviewable, now),
    }


def _claim_holder(reviewable: Reviewable, now: datetime) -> Any:
    claimed = reviewable.claimed_until and reviewable.claimed_until > now
    return reviewable.claimed_by if claimed else None


def _findings(reviewable: Reviewable) -> list[Finding]:
    """Return the findings of the last screening of the present revision."""
    comment: Comment = reviewable.comment
    screened: list[Decision] = comment.screened  # type: ignore[attr-defined]
    decision = next((d for d in screened if d.revision == comment.revision), None)
    return list(decision.findings.all()) if decision else []


def _highest_scores(findings: list[Finding]) -> list[Finding]:
    scored = [f for f in findings if f.score is not None and f.score >= MIN_SCORE]
    return sorted(scored, key=lambda f: -(f.score or 0))[:MAX_SCORES]
