"""What must be true when it is calm again, asked of the database and of the world outside."""

from collections.abc import Callable

from tests.chaos.driver import Promises
from tests.chaos.installation import Installation

STANDING = """
SELECT c.id FROM comments_comment c LEFT JOIN moderation_decision d ON d.comment_id = c.id
AND d.revision = c.revision AND NOT EXISTS
(SELECT 1 FROM moderation_decision later WHERE later.overrides_id = d.id)
GROUP BY c.id HAVING count(d.id) <> 1
"""
# Each revision has one decision at most that overrides none.
FIRST = """
SELECT comment_id FROM moderation_decision WHERE overrides_id IS NULL
GROUP BY comment_id, revision HAVING count(*) > 1
"""
STATUS = """
SELECT c.id FROM comments_comment c JOIN moderation_decision d ON d.comment_id = c.id
AND d.revision = c.revision AND NOT EXISTS
(SELECT 1 FROM moderation_decision later WHERE later.overrides_id = d.id)
WHERE c.status <> CASE d.verdict WHEN 'APPROVE' THEN 'approved' WHEN 'HOLD' THEN 'held'
WHEN 'REJECT' THEN 'rejected' WHEN 'SPAM' THEN 'spam' ELSE 'deleted' END
"""
# What is drawn for the blind audit stands in the queue whatever its status is.
QUEUED = """
SELECT c.id, c.status, r.why FROM comments_comment c LEFT JOIN moderation_reviewable r
ON r.comment_id = c.id AND r.closed_at IS NULL
WHERE c.status = 'held' AND r.id IS NULL
OR c.status <> 'held' AND r.why = 'SCREENED' AND NOT r.is_blind
"""
VOTES = """
SELECT c.id FROM comments_comment c WHERE c.up_votes <>
(SELECT count(*) FROM comments_vote v WHERE v.comment_id = c.id)
"""
UNSETTLED = "SELECT count(*) FROM comments_comment WHERE status = 'pending'"
# Held for nothing else: what is like something that a moderator refused waits for a person anyway.
AWAY = """
SELECT count(*) FROM moderation_reviewable r JOIN comments_comment c ON c.id = r.comment_id
JOIN moderation_decision d ON d.comment_id = c.id AND d.revision = c.revision
WHERE r.closed_at IS NULL AND d.grounds @> '[{"reason": "classifier_away"}]' AND NOT EXISTS
(SELECT 1 FROM jsonb_array_elements(d.grounds) g WHERE g->>'reason' NOT IN
('classifier_away', 'external_silent')) AND NOT EXISTS
(SELECT 1 FROM moderation_decision later WHERE later.overrides_id = d.id)
"""
UNDELIVERED = "SELECT count(*) FROM moderation_delivery WHERE state <> 'delivered'"
UNSENT = "SELECT count(*) FROM moderation_mail WHERE state <> 'delivered'"
# Claimed, or to be tried by itself within seconds. What a receiver is spared that failed is not.
UNDER_WAY = """
SELECT count(*) FROM (
  SELECT claimed_until, next_attempt_at, state FROM moderation_mail UNION ALL
  SELECT d.claimed_until, greatest(d.next_attempt_at, w.paused_until), d.state
  FROM moderation_delivery d JOIN moderation_webhook w ON w.id = d.webhook_id
) AS waiting WHERE state = 'waiting'
AND (claimed_until > now() OR next_attempt_at < now() + interval '10 seconds')
"""
SCREENINGS = "SELECT count(*) FROM moderation_screening"
EVENTLESS = """
SELECT d.id FROM moderation_decision d WHERE NOT EXISTS (SELECT 1 FROM moderation_event e
WHERE e.comment_id = d.comment_id)
"""

Problems = list[str]


def undecided(there: Installation) -> int:
    """Return how many comments have no decision yet."""
    return there.number(UNSETTLED) + there.number(SCREENINGS)


def undelivered(there: Installation) -> int:
    """Return how many events and mails wait."""
    return there.number(UNDELIVERED) + there.number(UNSENT)


def under_way(there: Installation) -> int:
    """Return how many events and mails are being sent, or are about to be."""
    return there.number(UNDER_WAY)


def held_for_classifier(there: Installation) -> int:
    """Return how many comments are held only since the classifier was away."""
    return there.number(AWAY)


def make_due(there: Installation) -> None:
    """Make due what waits for its next attempt, which may be hours away after several failures.

    What a killed worker had claimed is free, as when its lease has ended.
    """
    for table in ("delivery", "mail"):
        there.change(
            f"UPDATE moderation_{table} SET next_attempt_at = now(), claimed_until = NULL"
            " WHERE state = 'waiting' AND next_attempt_at > now() + interval '10 seconds'"
            " OR claimed_until > now()"
        )
    there.change("UPDATE moderation_webhook SET paused_until = NULL, failures = 0")


def checks(there: Installation, promises: Promises) -> dict[str, Problems]:
    """Return what is wrong, by what must be true."""
    asked: dict[str, Callable[[], Problems]] = {
        "every comment that was answered with 201 is there, once, with its last text": (
            lambda: _comments(there, promises)
        ),
        "every text has exactly one decision in force": lambda: _ids(there, STANDING),
        "no revision was decided twice over": lambda: _ids(there, FIRST),
        "the status of a comment is that of its decision": lambda: _ids(there, STATUS),
        "what is held waits in the queue, and nothing else": lambda: _ids(there, QUEUED),
        "every decision of a moderator that was answered with 201 is there": (
            lambda: _decisions(there, promises)
        ),
        "every vote and report that was answered is there, once": lambda: _readers(there, promises),
        "votes are counted right": lambda: _ids(there, VOTES),
        "every event was delivered, always under the same id and with the same content": (
            lambda: _events(there)
        ),
        "every mail was sent, and nobody got two": lambda: _mails(there),
        "nothing is stuck": lambda: _stuck(there),
    }
    return {name: check() for name, check in asked.items()}


def _ids(there: Installation, query: str) -> Problems:
    return [" ".join(map(str, row)) for row in there.rows(query)]


def _comments(there: Installation, promises: Promises) -> Problems:
    stored = {str(pk): body for pk, body in there.rows("SELECT id, body FROM comments_comment")}
    wrong = [
        pk
        for pk, body in promises.comments.items()
        if stored.get(pk) not in (body, promises.unanswered.get(pk, body))
    ]
    return wrong + [f"{pk} was never answered" for pk in stored.keys() - promises.comments.keys()]


def _decisions(there: Installation, promises: Promises) -> Problems:
    stored = {str(pk) for (pk,) in there.rows("SELECT id FROM moderation_decision")}
    return sorted(promises.decisions - stored)


def _readers(there: Installation, promises: Promises) -> Problems:
    problems = []
    kept = {"comments_vote": promises.votes, "moderation_report": promises.reports}
    for table, promised in kept.items():
        rows = there.rows(f"SELECT comment_id::text, count(*) FROM {table} GROUP BY 1")
        if dict(rows) != dict(promised):
            problems.append(f"{table}: {sum(n for _, n in rows)}, not {promised.total()}")
    return problems


def _events(there: Installation) -> Problems:
    stored = {str(pk) for (pk,) in there.rows("SELECT id FROM moderation_event")}
    taken = there.receiver.taken
    return [
        *(f"{event} was not delivered" for event in stored - taken.keys()),
        *(f"{event} is unknown" for event in taken.keys() - stored),
        *(f"{event} had several contents" for event, said in taken.items() if len(said) > 1),
        *(f"comment {pk} has no event" for pk in _ids(there, EVENTLESS)),
    ]


def _mails(there: Installation) -> Problems:
    stored = {str(pk) for (pk,) in there.rows("SELECT id FROM moderation_mail")}
    taken = {message.strip("<>").partition("@")[0]: n for message, n in there.mail.taken.items()}
    return [
        *(f"{mail} was not sent" for mail in stored - taken.keys()),
        *(f"{mail} is unknown" for mail in taken.keys() - stored),
        *(f"{a} got {n} mails" for a, n in there.mail.different.items() if n > 1),
    ]


def _stuck(there: Installation) -> Problems:
    asked = {
        "pending": UNSETTLED,
        "held for a classifier that is back": AWAY,
        "undelivered": UNDELIVERED,
        "unsent": UNSENT,
        "to be screened": SCREENINGS,
    }
    return [f"{n} {name}" for name, query in asked.items() if (n := there.number(query))]
