"""Compute the verdict on a comment from the findings of the checks and the site's rules.

Pure: no database, no clock, no framework. Everything that decides about a comment without a person
is in this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from moderation.rules.finding import FindingLike


class Verdict(StrEnum):
    """What is decided about a comment, in order of severity: the most severe last."""

    APPROVE = "APPROVE"
    HOLD = "HOLD"
    REJECT = "REJECT"
    SPAM = "SPAM"
    DELETE = "DELETE"


class Category(StrEnum):
    """A harm for which the classifier gives a score."""

    SPAM = "SPAM"
    TOXICITY = "TOXICITY"
    SEVERE_TOXICITY = "SEVERE_TOXICITY"
    INSULT = "INSULT"
    THREAT = "THREAT"
    IDENTITY_ATTACK = "IDENTITY_ATTACK"
    PROFANITY = "PROFANITY"
    SEXUAL = "SEXUAL"


class Reason(StrEnum):
    """What a check reports in a finding; SCORE for every finding that has a score."""

    DECOY_FILLED = "decoy_filled"
    FORM_TOKEN_MISSING = "form_token_missing"
    FORM_TOKEN_FORGED = "form_token_forged"
    FORM_TOKEN_EXPIRED = "form_token_expired"
    FORM_TOKEN_REUSED = "form_token_reused"
    FORM_TOKEN_FOREIGN = "form_token_foreign"
    FORM_TOO_FAST = "form_too_fast"
    BANNED = "banned"
    REPEATED = "repeated"
    LIKE_SPAM = "like_spam"
    LIKE_REJECTED = "like_rejected"
    HAS_LINKS = "has_links"
    TOO_MANY_LINKS = "too_many_links"
    BLOCKED_HOST = "blocked_host"
    HELD_WORD = "held_word"
    REJECTED_WORD = "rejected_word"
    FIRST_COMMENT = "first_comment"
    KNOWN_AUTHOR = "known_author"
    TRUSTED_AUTHOR = "trusted_author"
    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    GUEST = "guest"
    ALL_HELD = "all_held"
    FLOOD = "flood"
    NO_CHALLENGE = "no_challenge"
    WATCHED_AUTHOR = "watched_author"
    EDITED_AFTER_RULING = "edited_after_ruling"
    OWN_ADDRESS = "own_address"
    SCORE = "score"
    SHADOW_SCORE = "shadow_score"
    CLASSIFIER_AWAY = "classifier_away"
    SCREENING_FAILED = "screening_failed"
    EXTERNAL_APPROVE = "external_approve"
    EXTERNAL_HOLD = "external_hold"
    EXTERNAL_REJECT = "external_reject"
    EXTERNAL_SPAM = "external_spam"
    EXTERNAL_SILENT = "external_silent"


# The fields of Rules that are a site's state, and no policy.
STATE = frozenset({"in_flood"})
# The verdict that a finding with this reason calls for at every site. A reason that is missing
# calls for none by itself; what a site may choose is in its Rules.
VERDICT_OF_REASON: Mapping[str, Verdict] = {
    Reason.DECOY_FILLED: Verdict.HOLD,
    Reason.FORM_TOKEN_MISSING: Verdict.SPAM,
    Reason.FORM_TOKEN_FORGED: Verdict.SPAM,
    Reason.FORM_TOO_FAST: Verdict.SPAM,
    Reason.FORM_TOKEN_EXPIRED: Verdict.HOLD,
    Reason.FORM_TOKEN_REUSED: Verdict.HOLD,
    Reason.FORM_TOKEN_FOREIGN: Verdict.HOLD,
    Reason.BANNED: Verdict.REJECT,
    Reason.REPEATED: Verdict.HOLD,
    Reason.TOO_MANY_LINKS: Verdict.HOLD,
    Reason.BLOCKED_HOST: Verdict.HOLD,
    Reason.HELD_WORD: Verdict.HOLD,
    Reason.WATCHED_AUTHOR: Verdict.HOLD,
    Reason.REJECTED_WORD: Verdict.REJECT,
    Reason.EDITED_AFTER_RULING: Verdict.HOLD,
    Reason.OWN_ADDRESS: Verdict.HOLD,
    Reason.CLASSIFIER_AWAY: Verdict.HOLD,
    Reason.SCREENING_FAILED: Verdict.HOLD,
    Reason.EXTERNAL_HOLD: Verdict.HOLD,
    Reason.EXTERNAL_REJECT: Verdict.REJECT,
    Reason.EXTERNAL_SPAM: Verdict.SPAM,
    Reason.EXTERNAL_SILENT: Verdict.HOLD,
}
# With one of these, or a score for spam that holds, a filled decoy is a machine's. By itself it may
# be a browser's autofill.
SPAM_SIGNS = frozenset(
    {
        Reason.FORM_TOKEN_MISSING,
        Reason.FORM_TOKEN_FORGED,
        Reason.FORM_TOO_FAST,
        Reason.REPEATED,
        Reason.LIKE_SPAM,
        Reason.TOO_MANY_LINKS,
        Reason.BLOCKED_HOST,
        Reason.EXTERNAL_SPAM,
    }
)
# Findings that hold no comment of a trusted author.
WAIVED_BY_TRUST = frozenset(
    {
        Reason.SCORE,
        Reason.TOO_MANY_LINKS,
        Reason.FORM_TOKEN_EXPIRED,
        Reason.FORM_TOKEN_FOREIGN,
    }
)
# The fields of Rules that hold what has a finding with this reason.
HOLDING_FIELDS: Mapping[str, str] = {
    Reason.FIRST_COMMENT: "hold_first_comment",
    Reason.GUEST: "hold_guests",
    Reason.NO_CHALLENGE: "in_flood",
}
SEVERITY = {verdict: severity for severity, verdict in enumerate(Verdict)}


class ConfirmEmail(StrEnum):
    """When the writer of a comment must confirm the email address."""

    NEVER = "never"
    FIRST = "first"
    TRUST = "trust"


class NearDuplicates(StrEnum):
    """What becomes of near-duplicates of what a moderator refused."""

    PASS = "pass"
    HOLD = "hold"
    SET_ASIDE = "set_aside"


# A threshold above every score: it is never reached.
NEVER = 1.01


class Threshold(NamedTuple):
    """The scores, 0 to 1, from which a comment is held or rejected for a category."""

    hold_at: float
    reject_at: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The fields of a site's policy on which a verdict depends.

    Each has the name of the field of `moderation.models.Policy` that it is copied from. `in_flood`
    alone is no rule but the site's state: whether flood mode is on.
    """

    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    hold_all: bool = False
    hold_guests: bool = False
    hold_first_comment: bool = False
    publish_trusted: bool = True
    trust_after: int = 3
    confirm_email: str = ConfirmEmail.NEVER
    max_links: int = 8
    near_duplicates: str = NearDuplicates.HOLD
    held_words: tuple[str, ...] = ()
    rejected_words: tuple[str, ...] = ()
    in_flood: bool = False


class VerdictReason(NamedTuple):
    """One finding that called for a verdict, and the policy line by which it did.

    `line` names the policy field, the reason, or the score with its threshold. Judgements and
    decisions list these as `grounds`, on the wire too, with the names of these fields as keys.
    """

    verdict: Verdict
    check: str
    reason: str
    category: str
    line: str


# Why a comment is held of which nothing was found.
ALL_HELD = VerdictReason(Verdict.HOLD, "policy", Reason.ALL_HELD, "", "hold_all")
FLOOD = VerdictReason(Verdict.HOLD, "policy", Reason.FLOOD, "", "flood")


class Judgement(NamedTuple):
    """A verdict with its reasons, the most severe first."""

    verdict: Verdict
    grounds: tuple[VerdictReason, ...]


def judge(findings: Iterable[FindingLike], rules: Rules) -> Judgement:
    """Return the verdict on a comment with these findings.

    The most severe verdict that any finding calls for wins; without one it is APPROVE. A trusted
    author's comment is not held for a score or links, but rejected like anyone's. With `hold_all`
    nothing is approved, whatever was found; in a flood nothing of new authors.
    """
    findings = list(findings)
    trusted = rules.publish_trusted and any(f.reason == Reason.TRUSTED_AUTHOR for f in findings)
    grounds = _with_decoy([ground for f in findings if (ground := _verdict_reason(f, rules))])
    if trusted:
        grounds = [g for g in grounds if not _is_waived(g)]
    if rules.hold_all:
        grounds.append(ALL_HELD)
    if rules.in_flood and any(f.reason == Reason.FIRST_COMMENT for f in findings):
        grounds.append(FLOOD)
    grounds.sort(key=lambda ground: -SEVERITY[ground.verdict])
    return Judgement(grounds[0].verdict if grounds else Verdict.APPROVE, tuple(grounds))


def _with_decoy(grounds: list[VerdictReason]) -> list[VerdictReason]:
    """Return the reasons, with SPAM for a filled decoy that has a sign of spam beside it."""
    is_spam = any(g.reason in SPAM_SIGNS or g.category == Category.SPAM for g in grounds)
    return [
        g._replace(verdict=Verdict.SPAM) if is_spam and g.reason == Reason.DECOY_FILLED else g
        for g in grounds
    ]


def _is_waived(ground: VerdictReason) -> bool:
    """Return whether trust in the author outweighs a reason: it takes back a hold at most."""
    return ground.verdict is Verdict.HOLD and ground.reason in WAIVED_BY_TRUST


def _verdict_reason(finding: FindingLike, rules: Rules) -> VerdictReason | None:
    verdict, line = _verdict_and_line(finding, rules)
    if verdict is None:
        return None
    return VerdictReason(verdict, finding.check_name, finding.reason, finding.category, line)


def _verdict_and_line(finding: FindingLike, rules: Rules) -> tuple[Verdict | None, str]:
    if finding.score is not None:
        return _verdict_of_score(finding.category, finding.score, rules)
    if (name := HOLDING_FIELDS.get(finding.reason)) and getattr(rules, name):
        return Verdict.HOLD, name
    if finding.reason == Reason.ADDRESS_UNCONFIRMED and rules.confirm_email == ConfirmEmail.FIRST:
        return Verdict.HOLD, "confirm_email"
    if finding.reason in (Reason.LIKE_SPAM, Reason.LIKE_REJECTED):
        return _verdict_of_likeness(finding.reason, rules.near_duplicates), finding.reason
    return VERDICT_OF_REASON.get(finding.reason), finding.reason


def _verdict_of_likeness(reason: str, near_duplicates: str) -> Verdict | None:
    """Return the verdict on a near-duplicate; it is set aside at most, and only with spam."""
    if near_duplicates == NearDuplicates.PASS:
        return None
    is_set_aside = near_duplicates == NearDuplicates.SET_ASIDE and reason == Reason.LIKE_SPAM
    return Verdict.SPAM if is_set_aside else Verdict.HOLD


def _verdict_of_score(category: str, score: float, rules: Rules) -> tuple[Verdict | None, str]:
    threshold = rules.thresholds.get(category)
    if threshold is None or score < threshold.hold_at:
        return None, ""
    if score < threshold.reject_at:
        return Verdict.HOLD, f"{category} {score:.2f}, held from {threshold.hold_at:.2f}"
    verdict = Verdict.SPAM if category == Category.SPAM else Verdict.REJECT
    return verdict, f"{category} {score:.2f}, rejected from {threshold.reject_at:.2f}"
