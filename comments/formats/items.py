"""The items that importers yield: threads, comments, and rows that can't be imported."""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime

from comments.models import Status

# JSON can escape both, and no database takes either: NUL, and half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MAX_ID_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedThread:
    """A page with comments, identified by its URL or the site's own key."""

    key: str
    url: str = ""
    title: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Remove characters that can't be stored."""
        _clean_texts(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedComment:
    """A comment of another system; `page` is its thread's key, `parent` a `source_id` or ""."""

    source_id: str
    page: str
    created_at: datetime
    body: str
    status: Status
    parent: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    address: str = ""
    edited_at: datetime | None = None
    verified_at: datetime | None = None
    author_verified: bool = False

    def __post_init__(self) -> None:
        """Remove characters that can't be stored; cut ids to the length that `Origin` keeps."""
        _clean_texts(self)
        for name in ("source_id", "parent"):
            object.__setattr__(self, name, getattr(self, name)[:MAX_ID_LENGTH])


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that can't be imported: its location in the file, and the reason."""

    location: str
    message: str

    def __post_init__(self) -> None:
        """Remove characters that can't be stored."""
        _clean_texts(self)


def _clean_texts(item: "ImportedThread | ImportedComment | ImportProblem") -> None:
    for each in fields(item):
        value = getattr(item, each.name)
        if type(value) is str and UNSTORABLE.search(value):
            object.__setattr__(item, each.name, UNSTORABLE.sub("", value))


Item = ImportedThread | ImportedComment | ImportProblem


@dataclass
class ImportProgress:
    """What an import has done so far."""

    created: int = 0
    skipped: int = 0
    threads: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    problem_count: int = 0

    def add_problem(self, problem: ImportProblem) -> None:
        """Count a problem; keep the first thousand of them."""
        self.problem_count += 1
        if len(self.problems) < 1000:
            self.problems.append(problem)
