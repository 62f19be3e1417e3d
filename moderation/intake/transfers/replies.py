"""Link imported replies to their parents once all comments are stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from comments.formats.items import ImportNote
from comments.models import Comment, Origin, Site, Thread

BATCH = 500
# Levels of replies that are kept; no conversation has as many, and each takes a query or more.
MAX_LEVELS = 500
# Replies among which it is looked for such as answer each other in a circle.
MAX_LOOPED = 100_000
AT_THE_TOP = "it stands at the top"


def link_replies(site: Site, source: str) -> Iterator[ImportNote]:
    """Link replies to their parents, level by level; yield a note for each that stays at the top.

    What answers such a reply stays below it.
    """
    links = _Links(site, source)
    yield from links.link()
    yield from links.cut(links.without_parent(), "its parent {} did not come in")
    yield from links.link()
    yield from links.cut(links.loops(), "it answers itself by way of its parent {}")
    yield from links.link()
    yield from links.cut(links.unlinked, "its parent {} stands too deep")


def link_known(site: Site, source: str) -> Iterator[ImportNote]:
    """Link the replies whose parents are there; the others keep waiting for theirs."""
    yield from _Links(site, source).link()


class _Links:
    """The replies of a source, and how many levels of them were linked."""

    def __init__(self, site: Site, source: str) -> None:
        self.origins = Origin.objects.filter(site=site, source=source)
        self.unlinked = self.origins.filter(linked=False)
        self.levels = 0

    def link(self) -> Iterator[ImportNote]:
        """Link what can be linked; yield a note for each reply to a comment of another page."""
        while self.levels < MAX_LEVELS and (ready := self._ready()):
            yield from _link(ready, self._parents(ready))
            # A batch that is not full was the rest of its level.
            self.levels += len(ready) < BATCH

    def without_parent(self) -> QuerySet[Origin]:
        """Return the replies whose parents were never stored."""
        parents = self.origins.filter(source_id=OuterRef("parent_source_id"))
        return self.unlinked.filter(~Exists(parents))

    def loops(self) -> QuerySet[Origin]:
        """Return the oldest reply of each circle of replies that answer each other."""
        rows = self.unlinked.order_by("comment_id").values_list("source_id", "parent_source_id")
        return self.unlinked.filter(source_id__in=_oldest_of_loops(dict(rows[:MAX_LOOPED])))

    def cut(self, replies: QuerySet[Origin], reason: str) -> Iterator[ImportNote]:
        """Leave replies at the top; yield a note for each, with its parent in the reason."""
        while batch := list(replies.all()[:BATCH]):
            for origin in batch:
                yield _note(origin, reason.format(origin.parent_source_id))
            self.origins.filter(pk__in=[origin.pk for origin in batch]).update(linked=True)

    def _ready(self) -> list[Origin]:
        parents = self.origins.filter(linked=True).values("source_id")
        ready = self.unlinked.filter(parent_source_id__in=parents)
        return list(ready.select_related("comment").order_by("pk")[:BATCH])

    def _parents(self, ready: Iterable[Origin]) -> dict[str, Comment]:
        names = {origin.parent_source_id for origin in ready}
        found = self.origins.filter(source_id__in=names).select_related("comment")
        return {origin.source_id: origin.comment for origin in found}


@transaction.atomic
def _link(ready: Sequence[Origin], parents: Mapping[str, Comment]) -> list[ImportNote]:
    notes = []
    for origin in ready:
        parent, comment = parents[origin.parent_source_id], origin.comment
        origin.linked = True
        # A reply to a comment of another page would tear the tree.
        if parent.thread_id == comment.thread_id:
            comment.parent, comment.depth = parent, parent.depth + 1
            comment.root_id = parent.root_id or parent.pk
        else:
            notes.append(_note(origin, f"its parent {origin.parent_source_id} is on another page"))
    Comment.objects.bulk_update([o.comment for o in ready], ["parent", "root", "depth"])
    Thread.objects.touch(origin.comment.thread_id for origin in ready)
    Origin.objects.bulk_update(ready, ["linked"])
    return notes


def _note(origin: Origin, reason: str) -> ImportNote:
    return ImportNote(f"comment {origin.source_id}", f"{reason}: {AT_THE_TOP}")


def _oldest_of_loops(parents: Mapping[str, str]) -> list[str]:
    """Return the first member of each circle; `parents` has the names in their order of age."""
    order = {name: number for number, name in enumerate(parents)}
    walked: set[str] = set()
    found = []
    for start in parents:
        path: dict[str, None] = {}
        name = start
        while name in parents and name not in walked:
            walked.add(name)
            path[name] = None
            name = parents[name]
        if name in path:
            names = list(path)
            found.append(min(names[names.index(name) :], key=order.__getitem__))
    return found
