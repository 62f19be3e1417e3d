"""What the blind audit hides: until somebody decides, such a comment looks like any held one.

What is set here is for showing alone, and MUST NOT be saved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from comments.models import Author, Comment, Status
from comments.models.author import AuthorRecord
from moderation.models import Decision, DecisionSource, Reviewable


def waiting() -> QuerySet[Reviewable]:
    """Return the entries of the queue that are shown blind."""
    return Reviewable.objects.open().filter(is_blind=True)


def is_waiting(comment: Comment) -> bool:
    """Return whether a comment is shown blind."""
    return waiting().filter(comment=comment).exists()


def hide(comments: Iterable[Comment]) -> set[UUID]:
    """Have those of the comments that are shown blind look held; return their ids."""
    comments = list(comments)
    ids = [comment.pk for comment in comments]
    hidden = set(waiting().filter(comment__in=ids).values_list("comment", flat=True))
    for comment in comments:
        if comment.pk in hidden:
            _hide(comment)
    return hidden


def hide_entries(entries: Iterable[Reviewable]) -> None:
    """Have the comments of blind entries look held."""
    for entry in entries:
        if entry.is_blind:
            _hide(entry.comment)


def shown_as(status: str) -> Q:
    """Return the condition on comments that moderators see as of this status."""
    hidden = Q(pk__in=waiting().values("comment"))
    return Q(status=status) | hidden if status == Status.HELD else Q(status=status) & ~hidden


def records(authors: Iterable[UUID], *, verified: bool = False) -> Mapping[UUID, AuthorRecord]:
    """Return the authors' records with what is shown blind as held."""
    ids = list(authors)
    counted = Author.objects.records(ids, verified=verified)
    moved = waiting().filter(comment__author__in=ids).exclude(comment__status=Status.HELD)
    if verified:
        moved = moved.filter(comment__author_verified=True)
    records = {author: Counter(record) for author, record in counted.items()}
    for author, status in moved.values_list("comment__author", "comment__status"):
        if author in records:
            records[author][status] -= 1
            records[author][Status.HELD] += 1
    return {author: dict(+record) for author, record in records.items()}


def record(author: Author) -> AuthorRecord:
    """Return one author's record, with what is shown blind as held."""
    return records([author.pk]).get(author.pk, {})


def without_screening(decisions: Sequence[Decision], *, revision: int) -> list[Decision]:
    """Return the decisions without those that say what became of this text."""
    return [
        decision
        for decision in decisions
        if decision.revision != revision
        or (decision.source == DecisionSource.MODERATOR and not decision.undoes)
    ]


def _hide(comment: Comment) -> None:
    comment.status = Status.HELD
    comment.pinned_at, comment.featured = None, False
