"""Text for moderators: findings, scores, verdict reasons, durations, trust."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from moderation.models import Finding, Report
from moderation.review.people.authors import TrustStatus
from moderation.rules.verdicts import Reason
from moderation.screening.classifier import ThresholdMeasure
from moderation.web.desk.base.words import (
    CATEGORIES,
    COUNTS,
    HARMS,
    LIKELIHOODS,
    LINES,
    PROBLEMS,
    REASONS,
    VERDICTS,
)

SCORE = re.compile(r"\d\.\d\d")
PASSED = re.compile(
    r"[A-Z_]{1,30} (?P<score>\d\.\d\d), (?P<act>held|rejected) from (?P<limit>\d\.\d\d)"
)


class Score(NamedTuple):
    """A score as a moderator reads it."""

    words: str
    percent: int
    category: str = ""


def score_in_words(finding: Finding) -> Score:
    """Return a scored finding as a sentence with a percentage, such as "Very likely toxic", 94."""
    score = finding.score or 0.0
    hardly = pgettext_lazy("before a harm", "Hardly")
    likelihood = next((words for limit, words in LIKELIHOODS if score >= limit), hardly)
    harm = HARMS.get(finding.category, finding.category.lower())
    # Translators: such as "Very likely toxic".
    words = gettext("%(likelihood)s %(harm)s") % {"likelihood": likelihood, "harm": harm}
    return Score(words, round(100 * score), finding.category)


def finding_in_words(finding: Finding) -> str:
    """Return a finding as a sentence, with its evidence."""
    sentence = reason_in_words(finding.reason)
    if finding.reason == Reason.SHADOW_SCORE:
        harm = HARMS.get(finding.category, finding.category.lower())
        return f"{sentence} {harm}, {round(100 * finding.evidence['score'])} %"
    if explanation := finding.evidence.get("explanation"):
        says = gettext("It says: %(words)s") % {"words": explanation}
        return f"{sentence} {says}"
    details = finding.evidence.get("words") or finding.evidence.get("domains")
    return f"{sentence} ({', '.join(details)})" if details else sentence


def reason_in_words(reason: str) -> str:
    """Return the sentence for a reason; the reason itself where this release has none."""
    return str(next((words for known, words in REASONS.items() if known == reason), reason))


def verdict_in_words(verdict: str) -> str:
    """Return a verdict as it stands on its button: "Approve"."""
    return str(VERDICTS.get(verdict, verdict.capitalize()))


def ground_in_words(ground: Mapping[str, str]) -> str:
    """Return the policy line behind a verdict: "Toxicity 99 %, held from 24 %".

    `ground` is a stored `moderation.rules.verdicts.VerdictReason`.
    """
    category, line = ground["category"], ground["line"]
    if category:
        return _threshold_passed(category, line)
    if line == "hold_all":
        return reason_in_words(Reason.ALL_HELD)
    return str(LINES[line]) if line in LINES else reason_in_words(line)


def _threshold_passed(category: str, line: str) -> str:
    """Return a stored line such as "TOXICITY 0.99, held from 0.24" in words, with percentages."""
    name = CATEGORIES.get(category, category)
    if passed := PASSED.fullmatch(line):
        score, limit = (f"{round(100 * float(passed[n]))} %" for n in ("score", "limit"))
        words = {
            "held": gettext("%(category)s %(score)s, held from %(limit)s"),
            "rejected": gettext("%(category)s %(score)s, rejected from %(limit)s"),
        }[passed["act"]]
        return words % {"category": name, "score": score, "limit": limit}
    line = line.replace(category, str(name))
    return SCORE.sub(lambda score: f"{round(100 * float(score[0]))} %", line)


def threshold_in_words(limit: str, threshold: float, measure: ThresholdMeasure) -> str:
    """Return what a threshold does: "From 42 %: holds 95 of 100 such comments, …"

    The numbers were measured on texts that the classifier had not seen.
    """
    sentences = {
        "hold_at": gettext("From %(limit)s %%: holds %(found)s of 100 such comments"),
        "reject_at": gettext("From %(limit)s %%: rejects %(found)s of 100 such comments"),
    }
    numbers = {"limit": f"{100 * threshold:.0f}", "found": f"{100 * measure.recall:.0f}"}
    sentence = sentences[limit] % numbers
    if measure.calm is None:
        return f"{sentence}."
    calm = gettext(", and %(number)s of 1,000 calm ones.")
    return sentence + calm % {"number": f"{1000 * measure.calm:.0f}"}


def blamed_in_words(ground: str) -> str:
    """Return a category or a reason in a few words: "Identity attack", "Too many links"."""
    return str(CATEGORIES.get(ground, ground.replace("_", " ").capitalize()))


def duration_in_words(seconds: float | None) -> str:
    """Return a duration in one unit: "40 s", "3.5 h"; a dash for None."""
    if seconds is None:
        return "–"
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length or (seconds >= length and unit != "d"):
            number = round(seconds / length, 1)
            return f"{number_format(number, decimal_pos=int(number % 1 > 0))} {unit}"
    return f"{seconds:.0f} s"


def problem_in_words(code: str) -> str:
    """Return why one comment of a bulk decision was refused; "" where it was not."""
    return str(PROBLEMS.get(code, code.replace("-", " ")))


def record_in_words(record: Mapping[str, int]) -> str:
    """Return the counts of an author's record: "12 approved, 1 rejected"."""
    counts = [
        words % {"number": record[status]} for status, words in COUNTS.items() if record.get(status)
    ]
    return ", ".join(counts) or gettext("nothing decided yet")


class Wording(NamedTuple):
    """A label with a sentence that explains it."""

    name: str
    why: str


def trust_in_words(status: TrustStatus) -> Wording:
    """Return an author's trust status: "Known", "Trust needs 3 approved: there are 2."""
    if status.reason == Reason.WATCHED_AUTHOR:
        return Wording(gettext("Watched"), gettext("A moderator said so: every comment is held."))
    if status.reason == Reason.TRUSTED_AUTHOR:
        return Wording(gettext("Trusted"), gettext("Comments are published at once."))
    is_new = status.reason == Reason.FIRST_COMMENT
    name = pgettext("an author", "New") if is_new else pgettext("an author", "Known")
    if status.refused:
        why = gettext("Trust needs a clean record: %(number)s refused.")
        return Wording(name, why % {"number": status.refused})
    if status.approved < status.trust_after:
        why = gettext("Trust needs %(needed)s approved comments: there are %(approved)s.")
        return Wording(name, why % {"needed": status.trust_after, "approved": status.approved})
    return Wording(name, gettext("Trust needs an address that its owner has confirmed."))


def reports_in_words(reports: Iterable[Report]) -> str:
    """Return the counts of reports by reason: "3 readers: Spam (2), Private data"; "" for none."""
    reasons = Counter(str(report.get_reason_display()) for report in reports)
    if not reasons:
        return ""
    counts = (f"{reason} ({n})" if n > 1 else reason for reason, n in reasons.most_common())
    number = reasons.total()
    line = ngettext("%(number)s reader: %(reasons)s", "%(number)s readers: %(reasons)s", number)
    return line % {"number": number, "reasons": ", ".join(counts)}


def waiting_time(since: datetime, now: datetime) -> str:
    """Return the time since then in its largest unit: "waits for 3 hours"."""
    if (now - since).total_seconds() < 60:
        return gettext("just came in")
    return gettext("waits for %(time)s") % {"time": timesince(since, now, depth=1)}
