"""Risk: how soon a person should look, from the scores, the reports and the author's record.

Evidence is added up in log odds, as a naive Bayes classifier does: independent reasons strengthen
each other, and none of them is hidden behind the first.
"""

from collections.abc import Iterable
from math import exp, log

from django.db.models import Max

from comments.models import Comment, Status
from comments.models.author import AuthorRecord
from moderation.rules.outcomes import STATUSES_REFUSED

# What is not known to be harmful nor harmless.
UNKNOWN = 0.5
# A report by a reader without a record multiplies the odds of harm by so much.
REPORT_ODDS = 4.0
# The most by which an author's record multiplies or divides the odds.
RECORD_ODDS = 4.0
CERTAIN = 0.995


def risk(
    score: float = UNKNOWN, *, reports: Iterable[float] = (), record: AuthorRecord | None = None
) -> float:
    """Return the risk of a comment, from 0 to 1.

    `score` is the highest of the classifier's, `reports` the weights of those who complained (1 for
    a reader without a record), `record` the author's: how many comments there are in each status.
    """
    bounded = min(max(score, 1 - CERTAIN), CERTAIN)
    odds = log(bounded / (1 - bounded)) + sum(reports) * log(REPORT_ODDS) + _of_record(record or {})
    return 1 / (1 + exp(-odds))


def of_reported(comment: Comment, weights: Iterable[float]) -> float:
    """Return the risk of a comment of whose present text readers complained, by their weights."""
    record = comment.author.record() if comment.author else {}
    found = comment.decisions.filter(revision=comment.revision)
    score = found.aggregate(highest=Max("findings__score"))["highest"]
    return risk(UNKNOWN if score is None else score, reports=weights, record=record)


def _of_record(record: AuthorRecord) -> float:
    refused = sum(record.get(status, 0) for status in STATUSES_REFUSED)
    told = log((1 + refused) / (1 + record.get(Status.APPROVED, 0)))
    return min(max(told, -log(RECORD_ODDS)), log(RECORD_ODDS))
