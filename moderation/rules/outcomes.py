"""The sets of verdicts and of comment statuses on which behaviour depends, each under one name.

Statuses are the values of `comments.models.Status`, written out: rules import no models.
"""

from collections.abc import Mapping

from moderation.rules.verdicts import Verdict

# The status that a comment gets by each verdict.
STATUS_OF_VERDICT: Mapping[str, str] = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "held",
    Verdict.REJECT: "rejected",
    Verdict.SPAM: "spam",
    Verdict.DELETE: "deleted",
}

# The policy refuses the comment, without a person.
VERDICTS_REFUSING = frozenset({Verdict.REJECT, Verdict.SPAM})
# The comment is not published at once: it is refused, or waits for a person.
VERDICTS_HOLDING_BACK = frozenset({Verdict.HOLD, Verdict.REJECT, Verdict.SPAM})
# The comment is not or no longer public, for good: a restriction in the Digital Services Act.
VERDICTS_RESTRICTING = frozenset({Verdict.REJECT, Verdict.SPAM, Verdict.DELETE})
# The matter is settled. HOLD waits for a person, and DELETE may be the author's own wish.
VERDICTS_SETTLING = frozenset({Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM})
# Refusals that an author is mailed about. Of spam nothing is mailed.
VERDICTS_MAILED_AS_REFUSAL = frozenset({Verdict.REJECT, Verdict.DELETE})
# The comment may be public, now or later: its author may be asked to confirm the address. After
# any other verdict nobody is asked: the address may be anybody's.
VERDICTS_OPEN_TO_PUBLICATION = frozenset({Verdict.APPROVE, Verdict.HOLD})
# What a moderator can decide by a link in a mail, in the order of the links.
VERDICTS_OFFERED_BY_MAIL = (Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM)

# The comment waits for screening or for a person.
STATUSES_WAITING = frozenset({"pending", "held"})
# The comment was refused: its author may appeal.
STATUSES_REFUSED = frozenset({"rejected", "spam"})
# The comment has a verdict and is not public.
STATUSES_HELD_BACK = frozenset({"held", "rejected", "spam"})
# The comment is public or may become so: what a retroactive ban rejects.
STATUSES_NOT_REFUSED = frozenset({"pending", "held", "approved"})
# No verdict that scores can be compared with: not screened yet, or without a text.
STATUSES_WITHOUT_VERDICT = frozenset({"pending", "deleted"})
# Nobody is asked to confirm the address of such a comment.
STATUSES_NOT_CONFIRMABLE = frozenset({"spam", "deleted"})
# The comment has a verdict and a text: what a simulation can compare.
STATUSES_WITH_VERDICT = ("approved", "held", "rejected", "spam")
# What an author's record counts, in the order in which pages show it.
STATUSES_ON_RECORD = ("approved", "held", "rejected", "spam", "deleted")
