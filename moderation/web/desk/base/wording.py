"""Text for moderators: findings, scores, verdict reasons, durations, trust."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.utils.timesince import timesince

from comments.models import Author
from comments.privacy import email_addresses
from moderation.models import Finding, Report
from moderation.review.people.authors import TrustStatus
from moderation.rules.outcomes import STATUSES_SETTLED
from moderation.rules.verdicts import Category, Reason
from moderation.screening.classifier import ThresholdMeasure

REASONS = {
    Reason.DECOY_FILLED: "A field that people can't see was filled in.",
    Reason.FORM_TOKEN_MISSING: "It did not come from the form.",
    Reason.FORM_TOKEN_FORGED: "Its form was not one of ours.",
    Reason.FORM_TOKEN_EXPIRED: "Its form was older than the site allows.",
    Reason.FORM_TOKEN_REUSED: "Its form had been used for another comment.",
    Reason.FORM_TOO_FAST: "The form came back faster than anybody types.",
    Reason.BANNED: "The author, the network or a linked domain is banned.",
    Reason.REPEATED: "The same text was posted here before.",
    Reason.HAS_LINKS: "It has links.",
    Reason.TOO_MANY_LINKS: "It has more links than the house rules allow.",
    Reason.HELD_WORD: "It has words that the house rules hold.",
    Reason.REJECTED_WORD: "It has words that the house rules reject.",
    Reason.FIRST_COMMENT: "No comment of this author has been approved yet.",
    Reason.KNOWN_AUTHOR: "Comments of this author have been approved before.",
    Reason.TRUSTED_AUTHOR: "The author is trusted.",
    Reason.ADDRESS_UNCONFIRMED: "Its writer has not confirmed the email address.",
    Reason.WATCHED_AUTHOR: "A moderator wants every comment of this author held.",
    Reason.CLASSIFIER_AWAY: "The classifier was away, so a person must look.",
    Reason.SCREENING_FAILED: "It could not be screened, so a person must look.",
    Reason.EXTERNAL_APPROVE: "The external moderator has nothing against it.",
    Reason.EXTERNAL_HOLD: "The external moderator wants a person to look.",
    Reason.EXTERNAL_REJECT: "The external moderator says that it is against the rules.",
    Reason.EXTERNAL_SPAM: "The external moderator says that it is spam.",
    Reason.EXTERNAL_SILENT: "The external moderator did not answer in time.",
}
LIKELIHOODS = ((0.95, "Almost certainly"), (0.8, "Very likely"), (0.5, "Likely"), (0.2, "Possibly"))
HARMS = {
    "SPAM": "spam",
    "TOXICITY": "toxic",
    "SEVERE_TOXICITY": "severely toxic",
    "INSULT": "an insult",
    "THREAT": "a threat",
    "IDENTITY_ATTACK": "an attack on a group",
    "PROFANITY": "profane",
    "SEXUAL": "sexual",
}
PROBLEMS = {
    "comment-gone": "It is gone.",
    "revision-stale": "Its author has changed it meanwhile.",
    "not-undoable": "Somebody has decided since.",
    "own-appeal": "Its author appeals against your own decision.",
    "already-decided": "Somebody has decided meanwhile.",
}
CATEGORIES = {category.value: category.replace("_", " ").capitalize() for category in Category}


class Score(NamedTuple):
    """A score as a moderator reads it."""

    words: str
    percent: int
    category: str = ""


def score_in_words(finding: Finding) -> Score:
    """Return a scored finding as a sentence with a percentage, such as "Very likely toxic", 94."""
    score = finding.score or 0.0
    likelihood = next((words for limit, words in LIKELIHOODS if score >= limit), "Hardly")
    harm = HARMS.get(finding.category, finding.category.lower())
    return Score(f"{likelihood} {harm}", round(100 * score), finding.category)


def finding_in_words(finding: Finding) -> str:
    """Return a finding as a sentence, with its evidence."""
    sentence = reason_in_words(finding.reason)
    if explanation := finding.evidence.get("explanation"):
        return f"{sentence} It says: {explanation}"
    details = finding.evidence.get("words") or finding.evidence.get("domains")
    return f"{sentence} ({', '.join(details)})" if details else sentence


def reason_in_words(reason: str) -> str:
    """Return the sentence for a reason; the reason itself where this release has none."""
    return next((words for known, words in REASONS.items() if known == reason), reason)


def ground_in_words(ground: Mapping[str, str]) -> str:
    """Return the policy line behind a verdict: "Toxicity 99 %, held from 24 %".

    `ground` is a stored `moderation.rules.verdicts.VerdictReason`.
    """
    category, line = ground["category"], ground["line"]
    if category:
        line = line.replace(category, CATEGORIES.get(category, category))
        return re.sub(r"\d\.\d\d", lambda score: f"{round(100 * float(score[0]))} %", line)
    if line == "hold_first_comment":
        return "The house rules hold the first comment of every author."
    if line == "confirm_email":
        return "The house rules hold it until its writer confirms the email address."
    return reason_in_words(line)


def threshold_in_words(limit: str, threshold: float, measure: ThresholdMeasure) -> str:
    """Return what a threshold does: "From 42 %: holds 95 of 100 such comments, …"

    The numbers were measured on texts that the classifier had not seen.
    """
    act = {"hold_at": "holds", "reject_at": "rejects"}[limit]
    sentence = (
        f"From {100 * threshold:.0f} %: {act} {100 * measure.recall:.0f} of 100 such comments"
    )
    if measure.calm is None:
        return f"{sentence}."
    return f"{sentence}, and {1000 * measure.calm:.0f} of 1,000 calm ones."


def blamed_in_words(ground: str) -> str:
    """Return a category or a reason in a few words: "Identity attack", "Too many links"."""
    return CATEGORIES.get(ground, ground.replace("_", " ").capitalize())


def duration_in_words(seconds: float | None) -> str:
    """Return a duration in one unit: "40 s", "3.5 h"; a dash for None."""
    if seconds is None:
        return "–"
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length or (seconds >= length and unit != "d"):
            return f"{seconds / length:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def problem_in_words(code: str) -> str:
    """Return why one comment of a bulk decision was refused; "" where it was not."""
    return PROBLEMS.get(code, code.replace("-", " "))


def record_in_words(record: Mapping[str, int]) -> str:
    """Return the counts of an author's record: "12 approved, 1 rejected"."""
    counts = [f"{record[status]} {status}" for status in STATUSES_SETTLED if record.get(status)]
    return ", ".join(counts) or "nothing decided yet"


class Wording(NamedTuple):
    """A label with a sentence that explains it."""

    name: str
    why: str


def trust_in_words(status: TrustStatus) -> Wording:
    """Return an author's trust status: "Known", "Trust needs 3 approved: there are 2."""
    if status.reason == Reason.WATCHED_AUTHOR:
        return Wording("Watched", "A moderator said so: every comment is held.")
    if status.reason == Reason.TRUSTED_AUTHOR:
        return Wording("Trusted", "Comments are published at once.")
    name = "New" if status.reason == Reason.FIRST_COMMENT else "Known"
    if status.refused:
        return Wording(name, f"Trust needs a clean record: {status.refused} refused.")
    if status.approved < status.trust_after:
        there = f"there are {status.approved}"
        return Wording(name, f"Trust needs {status.trust_after} approved comments: {there}.")
    return Wording(name, "Trust needs an address that its owner has confirmed.")


def reports_in_words(reports: Iterable[Report]) -> str:
    """Return the counts of reports by reason: "3 readers: Spam (2), Private data"; "" for none."""
    reasons = Counter(report.get_reason_display() for report in reports)
    if not reasons:
        return ""
    counts = (f"{reason} ({n})" if n > 1 else reason for reason, n in reasons.most_common())
    readers = reasons.total()
    return f"{readers} reader{'s' if readers > 1 else ''}: {', '.join(counts)}"


def waiting_time(since: datetime, now: datetime) -> str:
    """Return the time since then in its largest unit: "waits for 3 hours"."""
    if (now - since).total_seconds() < 60:
        return "just came in"
    return f"waits for {timesince(since, now, depth=1)}"


def masked_email(author: Author | None) -> str:
    """Return an author's masked address; "" where there is none that can be decrypted."""
    address = full_email(author)
    return email_addresses.mask(address) if address else ""


def full_email(author: Author | None) -> str:
    """Return an author's address; "" where no present key decrypts it."""
    try:
        return email_addresses.decrypt(author.email_encrypted) if author else ""
    except InvalidToken:
        return ""
