"""The risk of a comment, its queue priority: from scores, reports and the author's record.

Evidence is summed in log odds, as a naive Bayes classifier does: independent reasons strengthen
each other, and none of them is hidden behind the first.
"""

from collections.abc import Iterable
from math import exp, log

from django.db.models import Max

from comments.models import Comment, Status
from comments.models.author import AuthorRecord
from moderation.rules.outcomes import STATUSES_REFUSED

# The prior of a comment without a score.
UNKNOWN = 0.5
# A report by a reader without a record multiplies the odds of harm by this factor.
REPORT_ODDS = 4.0
# The largest factor by which an author's record multiplies or divides the odds.
RECORD_ODDS = 4.0
# Scores are clipped to 1 - CERTAIN … CERTAIN, so that their odds are finite.
CERTAIN = 0.995


def risk(
    score: float = UNKNOWN, *, reports: Iterable[float] = (), record: AuthorRecord | None = None
) -> float:
    """Return the risk of a comment, from 0 to 1.

    `score` is the classifier's highest, `reports` the weights of the readers who reported it (1 for
    one without a record), `record` the author's numbers of comments by status.
    """
    bounded = min(max(score, 1 - CERTAIN), CERTAIN)
    odds = log(bounded / (1 - bounded)) + sum(reports) * log(REPORT_ODDS) + _log_odds(record or {})
    return 1 / (1 + exp(-odds))


def risk_of_reported(comment: Comment, weights: Iterable[float]) -> float:
    """Return the risk of a reported comment; `weights` are those of the readers who reported it."""
    record = comment.author.record() if comment.author else {}
    decisions = comment.decisions.filter(revision=comment.revision)
    score = decisions.aggregate(highest=Max("findings__score"))["highest"]
    return risk(UNKNOWN if score is None else score, reports=weights, record=record)


def _log_odds(record: AuthorRecord) -> float:
    refused = sum(record.get(status, 0) for status in STATUSES_REFUSED)
    log_odds = log((1 + refused) / (1 + record.get(Status.APPROVED, 0)))
    return min(max(log_odds, -log(RECORD_ODDS)), log(RECORD_ODDS))
