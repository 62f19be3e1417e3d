"""The dossier of a comment: all that a moderator may want to know before deciding."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from comments.models import Comment
from moderation.admin.wording import (
    finding_in_words,
    ground_in_words,
    masked_email,
    score_in_words,
)
from moderation.models import Appeal, Decision, Source

SIBLINGS = 3
REPORTS = 50


def dossier(comment: Comment) -> dict[str, Any]:
    """Return what the page of a comment shows of it, as the context of a template."""
    history = list(_history(comment))
    return {
        "comment": comment,
        "email": masked_email(comment.author),
        "record": comment.author.record() if comment.author else {},
        "history": history,
        "standing": _standing(history, comment),
        "siblings": _siblings(comment),
        "reports": comment.reports.order_by("-id")[:REPORTS],
        "appeals": Appeal.objects.filter(decision__comment=comment).select_related("resolved_by"),
        **_screened(history),
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


def _screened(history: Sequence[Decision]) -> dict[str, Any]:
    """Return what the last screening found and what the rules made of it."""
    screened = next((d for d in history if d.source == Source.AUTOMATION), None)
    findings = list(screened.findings.all()) if screened else []
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


def _siblings(comment: Comment) -> QuerySet[Comment]:
    siblings = Comment.objects.public().filter(thread=comment.thread_id, parent=comment.parent_id)
    return siblings.exclude(pk=comment.pk).order_by("-id")[:SIBLINGS]
