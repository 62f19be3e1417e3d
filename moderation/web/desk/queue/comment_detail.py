"""The detail of a comment: all that a moderator may want to know before deciding."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comments.models import Comment, Subscriber
from moderation.models import Appeal, Ban, Decision, DecisionSource, Finding, Reviewable
from moderation.review import authors, context
from moderation.web.desk.base.wording import (
    finding_in_words,
    ground_in_words,
    masked_email,
    score_in_words,
    trust_in_words,
)
from moderation.web.desk.queue.explanations import most_telling, weigh

REPORTS = 50


def comment_detail(comment: Comment, *, category: str = "") -> dict[str, Any]:
    """Return what the page of a comment shows of it, as the context of a template.

    The words are marked that weighed in the score of `category`, or in the most telling one.
    """
    history = list(_history(comment))
    screened = next((d for d in history if d.source == DecisionSource.AUTOMATION), None)
    findings = list(screened.findings.all()) if screened else []
    reviewable = Reviewable.objects.open().filter(comment=comment).select_related().first()
    blamed = category or (reviewable.category if reviewable else "")
    weighed = weigh(comment, most_telling(findings, blamed))
    return {
        "comment": comment,
        "reviewable": reviewable,
        "html": weighed.html(comment),
        "weighed": weighed,
        "subscriber": Subscriber.objects.filter(author=comment.author_id).first(),
        "history": history,
        "standing": _standing(history, comment),
        "reports": comment.reports.order_by("-id")[:REPORTS],
        "appeals": Appeal.objects.filter(decision__comment=comment).select_related("resolved_by"),
        **_screened(screened, findings),
        "around": context.thread_context(comment),
        **_of_author(comment),
    }


def _history(comment: Comment) -> QuerySet[Decision]:
    return (
        comment.decisions.select_related("decided_by", "policy", "overridden_by__decided_by")
        .prefetch_related("findings")
        .order_by("-id")
    )


def _standing(history: Sequence[Decision], comment: Comment) -> Decision | None:
    """Return the decision that counts for the present text."""
    present = (d for d in history if d.revision == comment.revision)
    return next((d for d in present if not hasattr(d, "overridden_by")), None)


def _screened(screened: Decision | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return what the last screening found and what the rules made of it."""
    scored = [finding for finding in findings if finding.score is not None]
    return {
        "screened": screened,
        "scores": [score_in_words(f) for f in sorted(scored, key=lambda f: -(f.score or 0))],
        "findings": [finding_in_words(f) for f in findings if f.score is None],
        "grounds": [
            (ground["verdict"].capitalize(), ground_in_words(ground))
            for ground in (screened.grounds if screened else [])
        ],
        "classifier_version": next(filter(None, (f.classifier_version for f in findings)), ""),
    }


def _of_author(comment: Comment) -> dict[str, Any]:
    """Return what is known of who wrote a comment, and who else writes from there."""
    known: dict[str, Any] = {
        "email": masked_email(comment.author),
        "record": {},
        "origin": context.same_origin(comment),
        "banned": Ban.objects.in_force(timezone.now()).filter(
            site=comment.site_id, value__in=_marks(comment)
        ),
    }
    if comment.author:
        record = comment.author.record()
        standing = trust_in_words(authors.trust_status(comment.author))
        notes = comment.author.notes.select_related("written_by")
        known |= {"record": record, "trusted": standing, "notes": notes}
    return known


def _marks(comment: Comment) -> list[str]:
    """Return by what bans would recognise a comment."""
    digest = comment.author.email_digest if comment.author else ""
    return [mark for mark in (digest, comment.network_digest) if mark]
