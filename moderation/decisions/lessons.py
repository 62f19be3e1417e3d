"""Turn moderators' decisions into labels, and take the labels of overridden decisions back.

Only what a person decided about one comment is a lesson: never what the machine, the readers, the
author or the site's software decided, nor what befell a comment because of a ban. Comments by the
site's own people are none, either: they are approved for who wrote them.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from comments.models import Comment, Membership, Status
from comments.models.badge import BadgeKind
from comments.models.comment import text_digest
from comments.privacy import email_addresses, names
from comments.text import readable
from moderation.models import Decision, DecisionSource, Label, LabelSource, Reviewable
from moderation.rules.causes import lessons

# How much a lesson of the blind audit counts: no score chose its text.
AUDIT_WEIGHT = 2.0
OWN_BADGES = frozenset({BadgeKind.STAFF.value, BadgeKind.AUTHOR.value})


def record(taught: Sequence[tuple[Decision, Comment]], *, overridden: Iterable[UUID]) -> None:
    """Store what these decisions teach, in their transaction; forget what the overridden ones did.

    A decision that undoes another restores the lesson of the moderator's decision before it.
    """
    Label.objects.filter(decision__in=list(overridden)).delete()
    staff = _staff({comment.site_id for _, comment in taught})
    audited = _audited(comment for _, comment in taught)
    Label.objects.bulk_create(
        label
        for decision, comment in taught
        if not _is_staffs(comment, staff)
        for label in _labels(decision, comment, AUDIT_WEIGHT if comment.pk in audited else 1.0)
    )


def _labels(decision: Decision, comment: Comment, weight: float) -> Iterator[Label]:
    teacher = _restored(decision) if decision.undoes else decision
    if teacher is None or teacher.source != DecisionSource.MODERATOR:
        return
    text = readable.of_html(comment.body_html)
    for category, value in lessons(teacher.verdict, teacher.cause).items():
        yield Label(
            site_id=comment.site_id,
            comment=comment,
            decision=decision,
            given_by_id=teacher.decided_by_id,
            text=text,
            text_digest=text_digest(text),
            author_name=names.public_name(comment.author_name)[:100],
            author_url=names.public_url(comment.author_url)[:500],
            category=category,
            value=value,
            source=LabelSource.MODERATOR,
            weight=weight,
            created_at=decision.decided_at,
        )


def _audited(comments: Iterable[Comment]) -> set[UUID]:
    """Return those whose open queue entries are of the blind audit, and were not held."""
    ids = [comment.pk for comment in comments if comment.status != Status.HELD]
    blind = Reviewable.objects.open().filter(comment__in=ids, is_blind=True)
    return set(blind.values_list("comment", flat=True)) if ids else set()


def _restored(decision: Decision) -> Decision | None:
    """Return the decision whose verdict an undoing one restores; None where there is none."""
    undone = decision.overrides
    return undone.overrides if undone else None


def _staff(sites: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Return the digests of the members' addresses, each with the site."""
    members = Membership.objects.filter(site__in=list(sites)).values_list("site", "user__email")
    return {
        (site, digest) for site, email in members for digest in email_addresses.email_digests(email)
    }


def _is_staffs(comment: Comment, staff: set[tuple[UUID, str]]) -> bool:
    author = comment.author
    is_member = author is not None and (comment.site_id, author.email_digest) in staff
    return comment.badge_kind in OWN_BADGES or is_member
