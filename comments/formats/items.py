"""The items that importers yield: threads, comments, and what becomes of the other rows.

For each comment of a file an importer yields one ImportedComment, ImportSkipped or ImportProblem,
so that the three add up to what the file holds. ImportedThread and ImportNote come beside them.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

from comments.privacy.names import imported_name, public_url
from comments.status import Status

# JSON can escape both, and no database takes either: NUL, and half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MAX_ID_LENGTH = 200
# The longest text of a comment, in characters: what WordPress keeps, and above any site's limit.
MAX_BODY = 65_536
# The longest key of a page, in characters.
MAX_KEY = 2000
# Where a text is no more than a caption, it is cut to this many characters.
CUT = {"title": 300, "author_name": 100, "location": 200, "message": 300, "reason": 100}
# Where a part of it would be another one, it is left out when it is longer.
LEFT_OUT = {"url": 2000, "author_url": 500, "author_email": 254, "address": 45}
# The years that a time may be of. The next ones are a slip in any file, and time zones and
# deadlines lead out of the calendar at its ends.
YEARS = range(1970, 2200)
TIMES = ("created_at", "closed_at", "edited_at", "verified_at")
# Why a comment is left out, in the words of the report.
ALREADY_HERE = "already here"
OTHER_REASON = "other reasons"
# Reasons are counted apart up to so many: some hold a word of the file.
MAX_REASONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedThread:
    """A page with comments, identified by its URL or the site's own key."""

    key: str
    url: str = ""
    title: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Make it fit to be stored. Raises ValueError."""
        _make_storable(self)
        _require_key(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedComment:
    """A comment of another system; `page` is its thread's key, `parent` a `source_id` or "".

    `body_html` is the rendered `body`, where whoever read the file has rendered it.
    """

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
    body_html: str = ""

    def __post_init__(self) -> None:
        """Make it fit to be stored and published. Raises ValueError.

        A name with an email address is removed; the address becomes the email address where there
        is none.
        """
        _make_storable(self)
        _require_key(self.page)
        if not self.source_id:
            raise ValueError("it has no id")
        if len(self.body) > MAX_BODY:
            raise ValueError(f"its text is longer than {MAX_BODY:,} characters")
        author = imported_name(self.author_name, email=self.author_email)
        if author.email != self.author_email:
            object.__setattr__(self, "author_verified", False)
        object.__setattr__(self, "author_name", author.name)
        object.__setattr__(self, "author_email", author.email)
        object.__setattr__(self, "author_url", public_url(self.author_url, email=author.email))
        for name in ("source_id", "parent"):
            object.__setattr__(self, name, _short_id(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A comment that can't be imported: its location in the file, and why."""

    location: str
    message: str

    def __post_init__(self) -> None:
        """Make it fit to be stored."""
        _make_storable(self)


@dataclass(frozen=True, slots=True)
class ImportSkipped:
    """A comment that is left out on purpose; the reason is one that many of them share."""

    location: str
    reason: str

    def __post_init__(self) -> None:
        """Make it fit to be stored."""
        _make_storable(self)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What is to be known of a page, or of a comment that comes in otherwise than it was."""

    location: str
    message: str

    def __post_init__(self) -> None:
        """Make it fit to be stored."""
        _make_storable(self)


Item = ImportedThread | ImportedComment | ImportProblem | ImportSkipped | ImportNote


@dataclass
class ImportProgress:
    """What an import has done so far.

    `in_file` counts the comments that were read: those created, skipped and not importable add up
    to it. `statuses` counts the created ones, `skipped_because` the others by reason. `threads`
    are new, `threads_met` were here; `meetings` has the first of those, as pairs of the page in the
    file and the thread here. `problems` names the comments that can't be imported, and the notes.
    """

    in_file: int = 0
    created: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    skipped_because: Counter[str] = field(default_factory=Counter)
    threads: int = 0
    threads_met: int = 0
    meetings: list[tuple[str, str]] = field(default_factory=list)
    problems: list[ImportProblem | ImportNote] = field(default_factory=list)
    problem_count: int = 0
    note_count: int = 0

    @property
    def skipped(self) -> int:
        """The number of comments that were left out, for whatever reason."""
        return self.skipped_because.total()

    def skip(self, reason: str, count: int = 1) -> None:
        """Count comments that are left out; beyond MAX_REASONS they have no reason of their own."""
        is_known = reason in self.skipped_because or len(self.skipped_because) < MAX_REASONS
        self.skipped_because[reason if is_known else OTHER_REASON] += count

    def add_problem(self, problem: ImportProblem | ImportNote) -> None:
        """Count a problem or note; keep the first thousand of them."""
        if isinstance(problem, ImportNote):
            self.note_count += 1
        else:
            self.problem_count += 1
        if len(self.problems) < 1000:
            self.problems.append(problem)


def _make_storable(item: Item) -> None:
    """Remove what no database takes, cut what is too long, and check the times."""
    for each in fields(item):
        value = getattr(item, each.name)
        if type(value) is str:
            object.__setattr__(item, each.name, _fitting(each.name, value))
        elif each.name in TIMES and value is not None:
            object.__setattr__(item, each.name, _time(value, is_needed=_is_needed(item, each.name)))


def _fitting(name: str, value: str) -> str:
    if UNSTORABLE.search(value):
        value = UNSTORABLE.sub("", value)
    if len(value) > LEFT_OUT.get(name, len(value)):
        return ""
    return value[: CUT[name]] if name in CUT else value


def _is_needed(item: Item, name: str) -> bool:
    """Return whether an item is nothing without a time: a comment has its place by it."""
    return isinstance(item, ImportedComment) and name == "created_at"


def _time(time: datetime, *, is_needed: bool) -> datetime | None:
    try:
        return _in_range(time)
    except ValueError:
        if is_needed:
            raise
        return None


def _in_range(time: datetime) -> datetime:
    try:
        time = time.astimezone(UTC)
    except OverflowError:
        raise ValueError("its time is beyond the calendar") from None
    if time.year not in YEARS:
        raise ValueError(f"its time is in the year {time.year}")
    return time


def _require_key(key: str) -> None:
    if not key or len(key) > MAX_KEY:
        raise ValueError(f"the address of its page is missing, or longer than {MAX_KEY:,}")


def _short_id(name: str) -> str:
    """Return an id, or its digest where it is longer than `Origin` keeps: two stay two."""
    if len(name) <= MAX_ID_LENGTH:
        return name
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
