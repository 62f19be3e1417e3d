"""Clear the digests of readers' addresses and networks after NETWORK_KEEP_DAYS, in batches.

Limits, bans and the share of a network need them while something is new. Who voted or reported then
counts as before, and is no longer told apart from others. Readers who are signed on are known by
their own address, which a site vouches for: these digests stay.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from comments.models import Comment, Vote
from comments.models.ids import min_id_at
from comments.text import avatars
from moderation.models import Report

BATCH = 1000
# Rows of a kind that one run clears: the next run, an hour later, goes on.
MOST_OF_A_RUN = 200_000


def clear(*, now: datetime) -> None:
    """Clear the digests of comments, votes and reports that have been there for so long."""
    before = now - timedelta(days=settings.NETWORK_KEEP_DAYS)
    comments = Comment.objects.exclude(network_digest="").filter(pk__lt=min_id_at(before))
    votes = Vote.objects.exclude(network="").filter(voted_at__lt=before)
    reports = Report.objects.exclude(network="").filter(pk__lt=min_id_at(before))
    for _ in range(MOST_OF_A_RUN // BATCH):
        if not _clear_comments(comments.order_by("pk")):
            break
    for rows, order, reader in ((votes, "voted_at", "voter"), (reports, "pk", "reporter")):
        for _ in range(MOST_OF_A_RUN // BATCH):
            if not _clear_readers(rows.order_by(order), reader):
                break


@transaction.atomic
def _clear_comments(rows: "QuerySet[Comment]") -> int:
    """Clear a batch, and keep the seeds of its pictures, which everybody has seen."""
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    batch = list(locked.only("author", "address_digest", "avatar_seed")[:BATCH])
    known = [comment for comment in batch if comment.author_id]
    for comment in known:
        comment.avatar_seed = avatars.seed(comment)
    # A statement has a branch for each row of its batch, through which each row goes.
    Comment.objects.bulk_update(known, ["avatar_seed"], batch_size=100)
    Comment.objects.filter(pk__in=[comment.pk for comment in batch]).update(
        address_digest="", network_digest="", user_agent=""
    )
    return len(batch)


def _clear_readers(rows: "QuerySet[Any]", reader: str) -> int:
    """Clear a batch of votes or reports; the name of a reader stays different from all others."""
    pks = list(rows.values_list("pk", flat=True)[:BATCH])
    name = Concat(Value("cleared "), Cast("pk", CharField()))
    batch = rows.model._default_manager.filter(pk__in=pks)
    return int(batch.update(**{reader: name, "network": ""}))
