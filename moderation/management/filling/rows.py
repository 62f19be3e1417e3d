"""The rows of a synthetic site: threads, authors, comments, and what was decided about them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import models

from comments.models import Author, Comment, Site, Thread, Vote
from comments.models.ids import min_id_at
from comments.models.thread import digest
from comments.privacy import email_addresses
from moderation.management.filling.insertion import Row
from moderation.management.filling.texts import Texts
from moderation.models import Decision, DecisionSource, Finding, Report, Reviewable
from moderation.models.reviewable import QueueReason, rank
from moderation.rules.outcomes import STATUS_OF_VERDICT
from moderation.rules.verdicts import Category, Reason, Verdict

# Comments on one page, and pages with which an author is met.
PER_THREAD = 50
PER_AUTHOR = 20
# Of those that wait for nobody: what the rules said, in shares.
DECIDED = {Verdict.APPROVE: 0.82, Verdict.SPAM: 0.15, Verdict.REJECT: 0.02, Verdict.DELETE: 0.01}
# The shares that waited for a person first, that are replies, that have a vote, and a report.
HELD_FIRST, REPLIES, VOTED, REPORTED = 0.05, 0.5, 0.1, 0.01
CATEGORIES = (Category.SPAM, Category.TOXICITY, Category.INSULT)
HARMLESS, DOUBTFUL, SPAM = 0.02, 0.6, 0.995

Rows = dict[type[models.Model], list[Row]]
# What refers to others comes after them.
MODELS = (Thread, Author, Comment, Decision, Finding, Reviewable, Report, Vote)


@dataclass(slots=True)
class Page:
    """The thread that is being filled, with its public comments so far: (id, root, depth)."""

    pk: UUID
    public: list[tuple[UUID, UUID, int]] = field(default_factory=list)


class Filler:
    """Makes the rows of `number` comments, spread evenly over the time from `start` to `end`."""

    def __init__(
        self, site: Site, *, number: int, waiting: float, seed: int, start: datetime, end: datetime
    ) -> None:
        self.site, self.number, self.waiting = site, number, waiting
        self.start, self.step = start, (end - start) / number
        self.random = Random(seed)  # noqa: S311 # Nothing here is a secret.
        self.texts = Texts(self.random)
        self.authors: list[tuple[UUID, str]] = []
        self.page = Page(UUID(int=0))

    def batches(self, size: int) -> Iterator[Rows]:
        """Yield rows by model, of `size` comments each, to be inserted in their order."""
        for first in range(0, self.number, size):
            rows: Rows = {model: [] for model in MODELS}
            for n in range(first, min(first + size, self.number)):
                self._comment(rows, n, at=self.start + n * self.step)
            yield rows

    def _comment(self, rows: Rows, n: int, *, at: datetime) -> None:
        if n % PER_THREAD == 0:
            self.page = self._thread(rows, n, at=at)
        if n % PER_AUTHOR == 0:
            self.authors.append(self._author(rows, n, at=at))
        verdict = self._verdict()
        pk, body = self._id(at), self.texts.body()
        author, name = self.random.choice(self.authors)
        parent, root, depth = self._place()
        rows[Comment].append(
            {
                "id": pk,
                "site_id": self.site.pk,
                "thread_id": self.page.pk,
                "parent_id": parent,
                "root_id": root,
                "depth": depth,
                "author_id": author,
                "author_name": name,
                "body": body,
                "body_html": f"<p>{body}</p>",
                "body_digest": hashlib.sha256(body.encode()).hexdigest(),
                "status": STATUS_OF_VERDICT[verdict],
                "created_at": at,
                "address_digest": self._digest(self.number // 10),
                "network_digest": self._digest(self.number // 100),
                "intake": "{}",
            }
        )
        if verdict is Verdict.APPROVE and depth < self.site.max_depth:
            self.page.public.append((pk, root or pk, depth + 1))
        self._moderation(rows, pk, verdict, at=at)
        self._readers(rows, pk, at=at)

    def _thread(self, rows: Rows, n: int, *, at: datetime) -> Page:
        pk, key = self._id(at), f"page-{n // PER_THREAD}"
        names = {"key": key, "key_digest": digest(key), "title": key}
        rows[Thread].append({"id": pk, "site_id": self.site.pk, **names, "created_at": at})
        return Page(pk)

    def _author(self, rows: Rows, n: int, *, at: datetime) -> tuple[UUID, str]:
        pk, name = self._id(at), self.texts.name()
        email = f"reader{n}@{self.site.slug}.example"
        rows[Author].append(
            {
                "id": pk,
                "site_id": self.site.pk,
                "email_digest": email_addresses.email_digest(email),
                "email_encrypted": email_addresses.encrypt(email),
                "name": name,
                "first_seen_at": at,
            }
        )
        return pk, name

    def _verdict(self) -> Verdict:
        if self.random.random() < self.waiting:
            return Verdict.HOLD
        return self.random.choices(list(DECIDED), list(DECIDED.values()))[0]

    def _place(self) -> tuple[UUID | None, UUID | None, int]:
        if not self.page.public or self.random.random() > REPLIES:
            return None, None, 0
        return self.random.choice(self.page.public)

    def _moderation(self, rows: Rows, pk: UUID, verdict: Verdict, *, at: datetime) -> None:
        waits = verdict is Verdict.HOLD
        by_person = verdict is Verdict.DELETE or (not waits and self.random.random() < HELD_FIRST)
        first = Verdict.HOLD if by_person else verdict
        decision = self._decision(rows, pk, first, source=DecisionSource.AUTOMATION, at=at)
        self._finding(rows, decision, first)
        decided_at = at + timedelta(hours=1) if by_person else None
        if decided_at:
            source = DecisionSource.MODERATOR
            self._decision(rows, pk, verdict, source=source, at=decided_at, overrides=decision)
        if waits or by_person:
            self._queue_entry(rows, pk, at=at, closed_at=decided_at)

    def _decision(
        self,
        rows: Rows,
        comment: UUID,
        verdict: Verdict,
        *,
        source: DecisionSource,
        at: datetime,
        overrides: UUID | None = None,
    ) -> UUID:
        pk = self._id(at)
        rows[Decision].append(
            {
                "id": pk,
                "comment_id": comment,
                "revision": 1,
                "verdict": verdict.value,
                "source": source.value,
                "decided_at": at,
                "grounds": "[]",
                "overrides_id": overrides,
            }
        )
        return pk

    def _finding(self, rows: Rows, decision: UUID, verdict: Verdict) -> None:
        scores = {Verdict.APPROVE: HARMLESS, Verdict.HOLD: DOUBTFUL}
        rows[Finding].append(
            {
                "decision_id": decision,
                "check_name": "classifier",
                "reason": Reason.SCORE.value,
                "category": Category.SPAM.value,
                "score": scores.get(verdict, SPAM),
                "evidence": "{}",
            }
        )

    def _queue_entry(
        self, rows: Rows, comment: UUID, *, at: datetime, closed_at: datetime | None
    ) -> None:
        priority = self.random.random()
        rows[Reviewable].append(
            {
                "id": self._id(at),
                "site_id": self.site.pk,
                "comment_id": comment,
                "why": QueueReason.SCREENED.value,
                "category": self.random.choice(CATEGORIES).value,
                "language": self.random.choice(("en", "de", "")),
                "priority": priority,
                "rank": rank(priority, opened_at=at),
                "opened_at": at,
                "closed_at": closed_at,
            }
        )

    def _readers(self, rows: Rows, comment: UUID, *, at: datetime) -> None:
        if self.random.random() < VOTED:
            voter = self._digest(self.number)
            rows[Vote].append({"comment_id": comment, "voter": voter, "value": 1, "voted_at": at})
        if self.random.random() < REPORTED:
            report = {"revision": 1, "reason": "SPAM", "reporter": self._digest(self.number)}
            rows[Report].append(
                {"id": self._id(at), "comment_id": comment, **report, "created_at": at}
            )

    def _id(self, at: datetime) -> UUID:
        # As `ids.id_at`, of our own random numbers: the same seed gives the same rows.
        return UUID(int=min_id_at(at).int | self.random.getrandbits(62))

    def _digest(self, different: int) -> str:
        """Return one of so many digests, as of an address."""
        return hashlib.sha256(str(self.random.randrange(different + 1)).encode()).hexdigest()
