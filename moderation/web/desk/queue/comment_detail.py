"""The context of a comment's page: text, scores, findings, author, history and thread."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comments.models import Comment, Status, Subscriber
from moderation.models import Appeal, Ban, Decision, DecisionSource, Finding, Reviewable
from moderation.notifications import disclosure
from moderation.review.people import authors
from moderation.review.people.reports import add_records
from moderation.review.queue import blind, context
from moderation.web.desk.base.wording import (
    finding_in_words,
    ground_in_words,
    score_in_words,
    trust_in_words,
    verdict_in_words,
)
from moderation.web.desk.queue.explanations import category_to_explain, explain

MAX_REPORTS = 50


def comment_detail(comment: Comment, *, category: str = "") -> dict[str, Any]:
    """Return the template context of a comment's page.

    The words are highlighted that explain the score of `category`, or of the highest one.
    """
    is_blind = bool(blind.hide([comment]))
    if comment.parent:
        blind.hide([comment.parent])
    history = list(_history(comment))
    if is_blind:
        history = blind.without_screening(history, revision=comment.revision)
    screened = next((d for d in history if d.source == DecisionSource.AUTOMATION), None)
    findings = list(screened.findings.all()) if screened else []
    reviewable = Reviewable.objects.open().filter(comment=comment).select_related().first()
    blamed = category or (reviewable.category if reviewable else "")
    # Of the blind audit nothing is shown that would say what the rules thought.
    explained = "" if is_blind else category_to_explain(findings, blamed)
    explanation = explain(comment, explained)
    reports = comment.reports.none() if is_blind else comment.reports.order_by("-id")[:MAX_REPORTS]
    return {
        "is_blind": is_blind,
        "comment": comment,
        "reviewable": reviewable,
        "html": explanation.html(comment),
        "explanation": explanation,
        "subscriber": Subscriber.objects.filter(author=comment.author_id).first(),
        "history": history,
        "effective": _effective_decision(history, comment),
        "reports": add_records(reports, now=timezone.now()),
        "appeals": Appeal.objects.filter(decision__comment=comment).select_related("resolved_by"),
        **_screening_context(screened, findings),
        "thread_context": context.thread_context(comment),
        **_author_context(comment),
    }


def _history(comment: Comment) -> QuerySet[Decision]:
    return (
        comment.decisions.select_related("decided_by", "policy", "overridden_by__decided_by")
        .prefetch_related("findings")
        .order_by("-id")
    )


def _effective_decision(history: Sequence[Decision], comment: Comment) -> Decision | None:
    """Return the effective decision on the present revision."""
    present = (d for d in history if d.revision == comment.revision)
    return next((d for d in present if not hasattr(d, "overridden_by")), None)


def _screening_context(screened: Decision | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the last screening's scores, findings and the reasons of its verdict."""
    scored = [finding for finding in findings if finding.score is not None]
    return {
        "screened": screened,
        "scores": [score_in_words(f) for f in sorted(scored, key=lambda f: -(f.score or 0))],
        "findings": [finding_in_words(f) for f in findings if f.score is None],
        "grounds": [
            (verdict_in_words(ground["verdict"]), ground_in_words(ground))
            for ground in (screened.grounds if screened else [])
        ],
        "classifier_version": next(filter(None, (f.classifier_version for f in findings)), ""),
    }


def _author_context(comment: Comment) -> dict[str, Any]:
    """Return the author's record, trust, bans and notes, and other comments of the same origin."""
    details: dict[str, Any] = {
        "email": disclosure.masked(comment.author),
        "record": {},
        "origin": context.same_origin(comment),
        "banned": Ban.objects.in_force(timezone.now()).filter(
            site=comment.site_id, value__in=_ban_values(comment)
        ),
    }
    if comment.author:
        record = blind.record(comment.author)
        trust = trust_in_words(authors.trust_status(comment.author))
        notes = comment.author.notes.select_related("written_by")
        labels = {status: str(label) for status, label in Status.choices}
        record = {labels.get(status, status): n for status, n in record.items()}
        details |= {"record": record, "trusted": trust, "notes": notes}
    return details


def _ban_values(comment: Comment) -> list[str]:
    """Return the values by which bans match a comment."""
    digest = comment.author.email_digest if comment.author else ""
    return [value for value in (digest, comment.network_digest) if value]
