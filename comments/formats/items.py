"""What importers read: pages, comments, and rows that are neither."""

from dataclasses import dataclass, field
from datetime import datetime

from comments.models import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedThread:
    """A page that comments hang on, by its address or key."""

    key: str
    url: str = ""
    title: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedComment:
    """A comment of another system; `page` is its page's key, `parent` the id there, or ""."""

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


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that can't be imported: where it is, and what is wrong with it."""

    where: str
    what: str


Item = ImportedThread | ImportedComment | ImportProblem


@dataclass
class ImportProgress:
    """What an import has done so far."""

    created: int = 0
    skipped: int = 0
    threads: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    problem_count: int = 0

    def note(self, problem: ImportProblem) -> None:
        """Count a problem; the first thousand are kept in words."""
        self.problem_count += 1
        if len(self.problems) < 1000:
            self.problems.append(problem)
