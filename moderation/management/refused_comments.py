"""Purge refused and deleted comments after REFUSED_KEEP_DAYS, in batches, with all that they have.

What outlives them: the figures of the transparency report, what moderators taught the classifier
about their texts, the audit trail, and the place of replies. A comment with replies that stay is
emptied, and deleted with the last of them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from comments.models import Author, Comment, Revision, Trust
from comments.models.comment import ANONYMOUS, REMOVED_STATUSES, text_digest
from comments.models.ids import min_id_at
from moderation.insight import transparency_figures
from moderation.models import (
    Appeal,
    Campaign,
    CampaignMember,
    ChangedDay,
    Decision,
    Event,
    Finding,
    Label,
    Mail,
    Report,
    Reviewable,
)

# Comments of one transaction, whose rows are locked meanwhile.
BATCH = 500
# Comments that one run looks at: the next run, an hour later, goes on.
MOST_OF_A_RUN = 200_000


def purge(*, now: datetime) -> int:
    """Purge what was refused or deleted, and not decided about since; return how many comments."""
    before = now - timedelta(days=settings.REFUSED_KEEP_DAYS)
    purged, after = 0, UUID(int=0)
    for _ in range(MOST_OF_A_RUN // BATCH):
        due = _due(before).filter(pk__gt=after).order_by("pk")
        if not (ids := list(due.values_list("pk", flat=True)[:BATCH])):
            break
        after = ids[-1]
        purged += _purge(ids, before=before, now=now)
    return purged


def _due(before: datetime) -> "QuerySet[Comment]":
    """Return removed comments that were written and decided before a moment, and wait for nobody.

    A comment is due that nobody reviews, and whose author has no appeal that waits.
    """
    own = {"comment": OuterRef("pk")}
    later = Decision.objects.filter(decided_at__gte=before, **own)
    reviewed = Reviewable.objects.open().filter(**own)
    appealed = Appeal.objects.filter(decision__comment=OuterRef("pk"), resolved_at=None)
    return Comment.objects.filter(
        ~Exists(later),
        ~Exists(reviewed),
        ~Exists(appealed),
        status__in=REMOVED_STATUSES,
        purged_at=None,
        pk__lt=min_id_at(before),
    )


@transaction.atomic
def _purge(ids: Collection[UUID], *, before: datetime, now: datetime) -> int:
    # Whoever decides about one of them locks it, too: what is locked by others is left for later.
    locked = Comment.objects.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    ids = list(locked.filter(pk__in=ids).values_list("pk", flat=True))
    due = set(_due(before).filter(pk__in=ids).values_list("pk", flat=True)) - _representatives(ids)
    gone = _without_other_replies(due)
    _empty(due - gone, now=now)
    _delete_with_emptied_parents(gone)
    return len(due)


def _representatives(ids: Collection[UUID]) -> set[UUID]:
    """Return the comments by which a campaign that goes on is decided: they are still needed."""
    campaigns = CampaignMember.objects.filter(comment__in=ids).values_list("campaign", flat=True)
    return {decision.comment_id for decision in Campaign.objects.decisions(set(campaigns)).values()}


def _without_other_replies(ids: Collection[UUID]) -> set[UUID]:
    """Return those of the comments to which only others of them reply, and so on downwards."""
    gone = set(ids)
    replies = set(Comment.objects.filter(parent__in=gone).values_list("parent_id", "pk"))
    while answered := {parent for parent, pk in replies if pk not in gone} & gone:
        gone -= answered
    return gone


def _empty(ids: Collection[UUID], *, now: datetime) -> None:
    """Leave nothing of comments but their place, and the decisions with their grounds."""
    if not ids:
        return
    Label.objects.filter(comment__in=ids).update(**_UNLINKED)
    authors = _authors(ids)
    Comment.objects.filter(pk__in=ids).update(
        **ANONYMOUS, body="", body_html="", body_digest=text_digest(""), purged_at=now
    )
    for model in (Revision, Event, Mail, CampaignMember):
        model._default_manager.filter(comment__in=ids).delete()
    Finding.objects.filter(decision__comment__in=ids).update(evidence={})
    Decision.objects.filter(comment__in=ids).update(reasoning="", private_notes="")
    Appeal.objects.filter(decision__comment__in=ids).update(text="")
    Report.objects.filter(comment__in=ids).update(text="")
    _delete_unknown(authors)


# A label keeps the text that it is about, and nothing of who wrote it.
_UNLINKED = {"comment": None, "decision": None, "author_name": "", "author_url": ""}


def _delete_with_emptied_parents(ids: Collection[UUID]) -> None:
    """Delete comments, and each emptied one whose last reply goes with them, and so on upwards."""
    while ids:
        above = Comment.objects.filter(pk__in=ids).exclude(parent=None)
        parents = set(above.values_list("parent_id", flat=True)) - set(ids)
        _delete(ids)
        replies = Comment.objects.filter(parent=OuterRef("pk"))
        bare = Comment.objects.filter(~Exists(replies), pk__in=parents).exclude(purged_at=None)
        ids = set(bare.values_list("pk", flat=True))


def _delete(ids: Collection[UUID]) -> None:
    by_site: dict[UUID, list[UUID]] = {}
    for site, pk in Comment.objects.filter(pk__in=ids).values_list("site_id", "pk"):
        by_site.setdefault(site, []).append(pk)
    for site in sorted(by_site):
        transparency_figures.keep(site, by_site[site])
    decisions = Decision.objects.filter(comment__in=ids).order_by().values_list("pk", flat=True)
    ChangedDay.objects.mark([*ids, *decisions])
    Label.objects.filter(comment__in=ids).update(**_UNLINKED)
    authors = _authors(ids)
    Comment.objects.filter(pk__in=ids).delete()
    _delete_unknown(authors)


def _authors(ids: Collection[UUID]) -> set[UUID]:
    return set(
        Comment.objects.filter(pk__in=ids, author__isnull=False).values_list("author_id", flat=True)
    )


def _delete_unknown(authors: Collection[UUID]) -> None:
    """Delete authors of whom nothing is left: no comment, subscription, note, or set trust."""
    locked = Author.objects.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    ids = list(locked.filter(pk__in=authors).values_list("pk", flat=True))
    Author.objects.filter(
        ~Exists(Comment.objects.filter(author=OuterRef("pk"))),
        pk__in=ids,
        trust=Trust.BY_RECORD,
        subscriber=None,
        notes=None,
    ).delete()
