"""The house rules, applied: findings and a policy's rules in, a judgement out.

Pure: no database, no clock, no framework. Everything that decides what happens to a comment
without a person is in this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol


class Verdict(StrEnum):
    """What the rules say about a comment; the later, the graver."""

    APPROVE = "APPROVE"
    HOLD = "HOLD"
    REJECT = "REJECT"
    SPAM = "SPAM"
    DELETE = "DELETE"


class Category(StrEnum):
    """A kind of harm that the classifier may score."""

    SPAM = "SPAM"
    TOXICITY = "TOXICITY"
    SEVERE_TOXICITY = "SEVERE_TOXICITY"
    INSULT = "INSULT"
    THREAT = "THREAT"
    IDENTITY_ATTACK = "IDENTITY_ATTACK"
    PROFANITY = "PROFANITY"
    SEXUAL = "SEXUAL"


class Reason(StrEnum):
    """What a check may find, other than a score."""

    DECOY_FILLED = "decoy_filled"
    FORM_TOKEN_MISSING = "form_token_missing"
    FORM_TOKEN_FORGED = "form_token_forged"
    FORM_TOKEN_EXPIRED = "form_token_expired"
    FORM_TOKEN_REUSED = "form_token_reused"
    FORM_TOO_FAST = "form_too_fast"
    BANNED = "banned"
    REPEATED = "repeated"
    HAS_LINKS = "has_links"
    TOO_MANY_LINKS = "too_many_links"
    HELD_WORD = "held_word"
    REJECTED_WORD = "rejected_word"
    FIRST_COMMENT = "first_comment"
    KNOWN_AUTHOR = "known_author"
    TRUSTED_AUTHOR = "trusted_author"
    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    WATCHED_AUTHOR = "watched_author"
    SCORE = "score"
    CLASSIFIER_AWAY = "classifier_away"
    SCREENING_FAILED = "screening_failed"
    EXTERNAL_APPROVE = "external_approve"
    EXTERNAL_HOLD = "external_hold"
    EXTERNAL_REJECT = "external_reject"
    EXTERNAL_SPAM = "external_spam"
    EXTERNAL_SILENT = "external_silent"


# What each reason calls for, whatever the site. A reason that is missing here calls for nothing by
# itself; what a site may choose is in its Rules.
RESPONSES: Mapping[str, Verdict] = {
    Reason.DECOY_FILLED: Verdict.SPAM,
    Reason.FORM_TOKEN_MISSING: Verdict.SPAM,
    Reason.FORM_TOKEN_FORGED: Verdict.SPAM,
    Reason.FORM_TOO_FAST: Verdict.SPAM,
    Reason.FORM_TOKEN_EXPIRED: Verdict.HOLD,
    Reason.FORM_TOKEN_REUSED: Verdict.HOLD,
    Reason.BANNED: Verdict.REJECT,
    Reason.REPEATED: Verdict.HOLD,
    Reason.TOO_MANY_LINKS: Verdict.HOLD,
    Reason.HELD_WORD: Verdict.HOLD,
    Reason.WATCHED_AUTHOR: Verdict.HOLD,
    Reason.REJECTED_WORD: Verdict.REJECT,
    Reason.CLASSIFIER_AWAY: Verdict.HOLD,
    Reason.SCREENING_FAILED: Verdict.HOLD,
    Reason.EXTERNAL_HOLD: Verdict.HOLD,
    Reason.EXTERNAL_REJECT: Verdict.REJECT,
    Reason.EXTERNAL_SPAM: Verdict.SPAM,
    Reason.EXTERNAL_SILENT: Verdict.HOLD,
}
# What the record of a trusted author outweighs.
WAIVED_BY_TRUST = frozenset({Reason.SCORE, Reason.TOO_MANY_LINKS, Reason.FORM_TOKEN_EXPIRED})
GRAVITY = {verdict: gravity for gravity, verdict in enumerate(Verdict)}


class ConfirmEmail(StrEnum):
    """When the writer of a comment must confirm the email address."""

    NEVER = "never"
    FIRST = "first"
    TRUST = "trust"


class Threshold(NamedTuple):
    """The scores, 0 to 1, from which a category holds or rejects a comment."""

    hold_at: float
    reject_at: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The fields of a site's policy on which a verdict depends.

    Each has the name of the field of `moderation.models.Policy` that it is copied from.
    """

    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    hold_first_comment: bool = False
    publish_trusted: bool = True
    trust_after: int = 3
    confirm_email: str = ConfirmEmail.NEVER
    max_links: int = 2
    held_words: tuple[str, ...] = ()
    rejected_words: tuple[str, ...] = ()


class FindingLike(Protocol):
    """What a verdict needs to know of a finding."""

    @property
    def check_name(self) -> str:
        """Who found it."""

    @property
    def category(self) -> str:
        """What is scored, or ""."""

    @property
    def score(self) -> float | None:
        """A probability, 0 to 1, or None."""

    @property
    def reason(self) -> str:
        """One of Reason."""


class VerdictReason(NamedTuple):
    """One finding that called for a verdict, and the line of the policy by which it did."""

    verdict: Verdict
    check: str
    reason: str
    category: str
    line: str


class Judgement(NamedTuple):
    """The verdict and everything it rests on, the gravest ground first."""

    verdict: Verdict
    grounds: tuple[VerdictReason, ...]


def judge(findings: Iterable[FindingLike], rules: Rules) -> Judgement:
    """Return what the rules say about a comment with these findings.

    Every finding is heard and the gravest call wins. A trusted author's comment is not held for a
    score or links; it is rejected like anyone's.
    """
    findings = list(findings)
    trusted = rules.publish_trusted and any(f.reason == Reason.TRUSTED_AUTHOR for f in findings)
    grounds = [ground for f in findings if (ground := _ground(f, rules, trusted=trusted))]
    grounds.sort(key=lambda ground: -GRAVITY[ground.verdict])
    return Judgement(grounds[0].verdict if grounds else Verdict.APPROVE, tuple(grounds))


def _ground(finding: FindingLike, rules: Rules, *, trusted: bool) -> VerdictReason | None:
    verdict, line = _response(finding, rules)
    if verdict is None or (
        trusted and verdict is Verdict.HOLD and finding.reason in WAIVED_BY_TRUST
    ):
        return None
    return VerdictReason(verdict, finding.check_name, finding.reason, finding.category, line)


def _response(finding: FindingLike, rules: Rules) -> tuple[Verdict | None, str]:
    if finding.score is not None:
        return _response_to_score(finding.category, finding.score, rules)
    if finding.reason == Reason.FIRST_COMMENT and rules.hold_first_comment:
        return Verdict.HOLD, "hold_first_comment"
    if finding.reason == Reason.ADDRESS_UNCONFIRMED and rules.confirm_email == ConfirmEmail.FIRST:
        return Verdict.HOLD, "confirm_email"
    return RESPONSES.get(finding.reason), finding.reason


def _response_to_score(category: str, score: float, rules: Rules) -> tuple[Verdict | None, str]:
    threshold = rules.thresholds.get(category)
    if threshold is None or score < threshold.hold_at:
        return None, ""
    if score < threshold.reject_at:
        return Verdict.HOLD, f"{category} {score:.2f}, held from {threshold.hold_at:.2f}"
    verdict = Verdict.SPAM if category == Category.SPAM else Verdict.REJECT
    return verdict, f"{category} {score:.2f}, rejected from {threshold.reject_at:.2f}"
