"""What may have happened at a site, at random: comments, decisions, reports, appeals, the queue."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from comments.models import Comment, Site, Status, User
from comments.models.ids import id_at
from moderation.models import Appeal, DecisionSource, QueueReason, Report
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, CommentFactory, DecisionFactory, ReviewableFactory, ThreadFactory

# In the past, up to NOW.
DAYS = 10
GROUNDS = [
    {"reason": "SCORE", "category": "TOXICITY", "check": "classifier"},
    {"reason": "LINKS", "category": None},
]


def history(random: Random, site: Site, people: Sequence[User]) -> None:
    """Store comments at a site that were edited, decided about, reported and appealed at random."""
    threads = ThreadFactory.create_batch(3, site=site)
    for _ in range(40):
        at = NOW - timedelta(days=random.uniform(0, DAYS))
        comment = CommentFactory(
            pk=id_at(at),
            thread=random.choice(threads),
            author=None,
            status=random.choice(Status.values),
            revision=random.choice([1, 1, 2, 3]),
            created_at=at,
        )
        for revision in range(1, comment.revision + 1):
            decide(random, comment, revision, people)
        report(random, comment)
        enqueue(random, comment)


def decide(random: Random, comment: Comment, revision: int, people: Sequence[User]) -> None:
    """Store a chain of decisions, each of which overrides the one before; maybe none."""
    before, at = None, comment.created_at
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        at += timedelta(hours=random.uniform(0, 30))
        source = random.choice([*DecisionSource.values, *["AUTOMATION", "MODERATOR"] * 4])
        by_person = source == DecisionSource.MODERATOR
        before = DecisionFactory(
            pk=id_at(at),
            comment=comment,
            revision=revision,
            verdict=random.choice(list(Verdict)),
            source=source,
            decided_by=random.choice([*people, None]) if by_person else None,
            decided_at=at,
            overrides=before,
            undoes=by_person and before is not None and random.random() < 0.3,
            grounds=random.sample(GROUNDS, random.choice([0, 1, 2])),
        )
        if random.random() < 0.2:
            Appeal.objects.create(pk=id_at(at), decision=before, submitted_at=at)


def report(random: Random, comment: Comment) -> None:
    for n in range(random.choice([0, 0, 1, 2])):
        at = comment.created_at + timedelta(days=n)
        Report.objects.create(
            pk=id_at(at), comment=comment, revision=1, reporter=str(n), created_at=at
        )


def enqueue(random: Random, comment: Comment) -> None:
    """Store queue entries, some of them closed, some shown blind as of a decision of the rules."""
    for decision in comment.decisions.filter(source=DecisionSource.AUTOMATION):
        at = decision.decided_at
        ReviewableFactory(
            comment=comment,
            why=QueueReason.SCREENED,
            is_blind=random.random() < 0.7,
            opened_at=at,
            closed_at=at + timedelta(hours=random.uniform(0, 50)),
        )
    if random.random() < 0.3:
        ReviewableFactory(comment=comment, opened_at=comment.created_at)
