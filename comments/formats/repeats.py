"""Keep apart the comments of one file that have the same id."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b

from comments.formats.items import (
    ImportedComment,
    ImportNote,
    ImportProblem,
    ImportSkipped,
    Item,
)

# The comments of a file that are remembered, in some 100 bytes each. Beyond them the second of two
# comments with one id is taken for the first, and counts as here already.
MAX_REMEMBERED = 1_000_000
REPEATED = "twice in the file"


class Repeats:
    """The ids of a file's comments so far."""

    def __init__(self, *, ids_are_fixed: bool = False) -> None:
        """With `ids_are_fixed` nothing can be stored under another id than its own."""
        self.ids_are_fixed = ids_are_fixed
        self.contents: dict[bytes, bytes] = {}
        # By page and id: under which id the second comment is stored, for the replies to it.
        self.renamed: dict[tuple[str, str], str] = {}

    def apart(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield the items; a comment whose id another one has gets an id of its own."""
        for item in items:
            if isinstance(item, ImportedComment):
                yield from self._apart(item)
            else:
                yield item

    def _apart(self, comment: ImportedComment) -> Iterator[Item]:
        comment = self._with_own_parent(comment)
        key, content = _digest(comment.source_id), _content(comment)
        first = self.contents.get(key)
        if first is None:
            if len(self.contents) < MAX_REMEMBERED:
                self.contents[key] = content
            yield comment
            return
        location = f"comment {comment.source_id}"
        if first == content:
            yield ImportSkipped(location, REPEATED)
        elif self.ids_are_fixed:
            yield ImportProblem(location, "another comment of the file has its id")
        else:
            yield from self._renamed(comment, f"{comment.source_id[:100]} {content.hex()}")

    def _renamed(self, comment: ImportedComment, name: str) -> Iterator[Item]:
        key = _digest(name)
        if key in self.contents:
            yield ImportSkipped(f"comment {comment.source_id}", REPEATED)
            return
        self.contents[key] = b""
        self.renamed[comment.page, comment.source_id] = name
        yield ImportNote(
            f"comment {comment.source_id}",
            f"another comment of the file has its id, too: it is stored as “{name}”",
        )
        yield replace(comment, source_id=name)

    def _with_own_parent(self, comment: ImportedComment) -> ImportedComment:
        """Return a reply to the comment of its own page, where two have the id of its parent."""
        own = self.renamed.get((comment.page, comment.parent))
        return replace(comment, parent=own) if own else comment


def _content(comment: ImportedComment) -> bytes:
    """Return a digest of what tells two comments apart; the same in each import of a file."""
    parts = (comment.page, comment.created_at.isoformat(), comment.author_name, comment.body)
    return _digest("\x00".join((*parts, comment.author_email, comment.parent)))


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
