"""Link imported replies to their parents once all comments are stored."""

from collections.abc import Iterator

from django.db import transaction

from comments.formats.items import ImportProblem
from comments.models import Comment, Origin, Site, Thread

BATCH = 500


def link_replies(site: Site, source: str) -> Iterator[ImportProblem]:
    """Link replies to their parents, level by level; yield a problem for each missing parent."""
    while _link_batch(site, source):
        pass
    orphans = Origin.objects.filter(site=site, source=source, linked=False)
    for origin in orphans.iterator(chunk_size=BATCH):
        yield ImportProblem(
            f"comment {origin.source_id}",
            f"its parent {origin.parent_source_id} is not there: it stands at the top",
        )
    orphans.update(linked=True)


@transaction.atomic
def _link_batch(site: Site, source: str) -> bool:
    origins = Origin.objects.filter(site=site, source=source)
    parents = origins.filter(linked=True)
    unlinked = origins.filter(linked=False)
    ready = list(
        unlinked.filter(parent_source_id__in=parents.values("source_id"))
        .select_related("comment")
        .order_by("pk")[:BATCH]
    )
    parents_by_id = {
        origin.source_id: origin.comment
        for origin in parents.filter(
            source_id__in={origin.parent_source_id for origin in ready}
        ).select_related("comment")
    }
    for origin in ready:
        parent, comment = parents_by_id[origin.parent_source_id], origin.comment
        origin.linked = True
        # A reply to a comment of another page would tear the tree.
        if parent.thread_id == comment.thread_id:
            comment.parent, comment.depth = parent, parent.depth + 1
            comment.root_id = parent.root_id or parent.pk
    Comment.objects.bulk_update([o.comment for o in ready], ["parent", "root", "depth"])
    Thread.objects.touch(origin.comment.thread_id for origin in ready)
    Origin.objects.bulk_update(ready, ["linked"])
    return bool(ready)
