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

from comments.models import Comment, Role, User
from comments.models.author import AuthorRecord
from moderation.decisions.appeal_effects import is_for_colleagues
from moderation.models import (
    Appeal,
    Decision,
    DecisionSource,
    Finding,
    QueueReason,
    Report,
    Reviewable,
)
from moderation.models.reviewable import ReviewableQuerySet
from moderation.notifications import disclosure
from moderation.review.queue import blind, campaigns, refusal_reasons
from moderation.review.queue.campaigns import WaitingAlike
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.wording import (
    record_in_words,
    reports_in_words,
    score_in_words,
    waiting_time,
)
from moderation.web.desk.base.words import VERDICTS
from moderation.web.desk.queue.explanations import MIN_SCORE, category_to_explain, explain
from moderation.web.desk.queue.reasons_to_wait import reasons_to_wait

MAX_SCORES = 3


def with_card_data(queue: ReviewableQuerySet) -> ReviewableQuerySet:
    """Prefetch everything that cards show."""
    decided = Decision.objects.select_related("decided_by").prefetch_related("findings")
    return queue.with_comments().prefetch_related(
        "escalated_by",
        "comment__parent",
        "comment__author__notes",
        Prefetch("comment__reports", Report.objects.order_by("-id")),
        Prefetch("comment__decisions", decided, to_attr="decided"),
    )


def cards(
    page: Sequence[Reviewable],
    request: HttpRequest,
    *,
    here: str,
    alike: Mapping[UUID, WaitingAlike] = {},
) -> list[dict[str, Any]]:
    """Return the template contexts of a page of cards.

    `here` is the page's URL; after a decision, a card redirects to the one below it. `alike` are
    the near-duplicates for which an entry stands, by its id.
    """
    if not page:
        return []
    blind.hide_entries(page)
    blind.hide(row.comment.parent for row in page if row.comment.parent)
    user = user_of(request)
    moderated = set(sites_of(request, Role.MODERATOR).values_list("pk", flat=True))
    authors = {row.comment.author_id for row in page if row.comment.author_id}
    records = blind.records(authors)
    reasons = refusal_reasons.offered({row.site_id for row in page})
    appeals = _open_appeals(page)
    now = timezone.now()
    return [
        {
            **_card(reviewable, records, now=now),
            **_appeal(appeals.get(reviewable.comment_id), user),
            "reasons": reasons[reviewable.site_id],
            "alike": alike.get(reviewable.pk),
            "may_decide": reviewable.site_id in moderated,
            "template": _template(reviewable, user, now=now),
            "back": f"{here}#c-{below.comment_id}" if below else here,
        }
        for reviewable, below in zip_longest(page, page[1:])
    ]


def render_card(comment: UUID, request: HttpRequest) -> str:
    """Return the HTML of a comment's card, or "" when it is no longer in the queue."""
    entries = Reviewable.objects.open().filter(comment=comment, site__in=sites_of(request))
    page, alike = campaigns.as_one(
        list(with_card_data(entries)), entries, user=user_of(request), now=timezone.now()
    )
    here = reverse("admin:moderation_reviewable_changelist")
    return "".join(
        render_to_string(card["template"], {"card": card}, request)
        for card in cards(page, request, here=here, alike=alike)
    )


def _card(
    reviewable: Reviewable, records: Mapping[UUID, AuthorRecord], *, now: datetime
) -> dict[str, Any]:
    comment, author = reviewable.comment, reviewable.comment.author
    screened = _last_screening(reviewable)
    findings = list(screened.findings.all()) if screened else []
    blamed = reviewable.category
    if reviewable.is_blind:
        # Of the blind audit nothing is shown that would say what the rules thought.
        screened, findings, blamed = None, [], ""
    # A reader can report what is public alone, so that is hidden with them.
    reports = [] if reviewable.is_blind else _reports(comment)
    scores = _highest_scores(findings)
    explanation = explain(comment, category_to_explain(findings, blamed), quickly=True)
    return {
        "reviewable": reviewable,
        "comment": comment,
        "html": explanation.html(comment),
        "explanation": explanation,
        "email": disclosure.masked(author),
        "record": record_in_words(records.get(author.pk, {})) if author else "",
        "notes": list(author.notes.all()) if author else [],
        "waiting": waiting_time(reviewable.opened_at, now),
        "scores": [score_in_words(finding) for finding in scores],
        "findings": reasons_to_wait(screened, scored={finding.category for finding in scores}),
        "put_aside": _put_aside(reviewable),
        "reports": reports_in_words(reports),
        "reports_with_text": [report for report in reports if report.text],
        "holder": _claim_holder(reviewable, now),
    }


def _template(reviewable: Reviewable, user: User, *, now: datetime) -> str:
    """Return the template of a card; what a colleague has claimed stands small."""
    is_others = _claim_holder(reviewable, now) not in (None, user)
    return "desk/card_claimed.html" if is_others else "desk/card.html"


def _reports(comment: Comment) -> list[Report]:
    """Return the reports of the present text."""
    return [report for report in comment.reports.all() if report.revision == comment.revision]


def _claim_holder(reviewable: Reviewable, now: datetime) -> Any:
    claimed = reviewable.claimed_until and reviewable.claimed_until > now
    return reviewable.claimed_by if claimed else None


def _last_screening(reviewable: Reviewable) -> Decision | None:
    """Return the last decision of the rules about the present revision."""
    comment: Comment = reviewable.comment
    decided: list[Decision] = comment.decided  # type: ignore[attr-defined]
    screened = (d for d in decided if d.source == DecisionSource.AUTOMATION)
    return next((d for d in screened if d.revision == comment.revision), None)


def _put_aside(reviewable: Reviewable) -> Decision | None:
    """Return the decision by which a moderator put the comment aside, with their note."""
    decided: list[Decision] = reviewable.comment.decided  # type: ignore[attr-defined]
    is_put_aside = reviewable.why == QueueReason.HELD and decided
    return decided[0] if is_put_aside and decided[0].decided_by else None


def _open_appeals(page: Sequence[Reviewable]) -> Mapping[UUID, Appeal]:
    """Return the appeals that wait for an answer, by the ids of their comments."""
    waiting = Appeal.objects.filter(
        decision__comment__in=[row.comment_id for row in page], resolved_at=None
    )
    appeals = waiting.select_related("decision__comment", "decision__decided_by")
    return {appeal.decision.comment_id: appeal for appeal in appeals}


def _appeal(appeal: Appeal | None, user: User) -> dict[str, Any]:
    """Return what a card says of an appeal, and whether a colleague must answer it."""
    for_colleagues = appeal is not None and is_for_colleagues(appeal, user)
    verdict = VERDICTS[appeal.decision.verdict] if appeal else ""
    return {"appeal": appeal, "appealed": verdict, "for_colleagues": for_colleagues}


def _highest_scores(findings: list[Finding]) -> list[Finding]:
    scored = [f for f in findings if f.score is not None and f.score >= MIN_SCORE]
    return sorted(scored, key=lambda f: -(f.score or 0))[:MAX_SCORES]
