"""Simulating: what other house rules would have done to the comments that were decided last.

What the screening found is kept, so nothing is scored again: thresholds are held against stored
scores, and links and records against stored counts; words are looked for anew. Reports and closed
threads are no matter of single comments, and are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from comments.models import Comment, Site, Status
from moderation.models import Decision, DecisionSource, Finding, Policy
from moderation.rules.verdicts import Rules, Verdict, VerdictReason, judge
from moderation.screening import classifier
from moderation.screening.checks import author, links, words

MOST = 5000
DECIDED = (Status.APPROVED, Status.HELD, Status.REJECTED, Status.SPAM)
REFUSING = (Verdict.REJECT, Verdict.SPAM)
# Databases take so many ids in one question without trouble.
AT_ONCE = 500


class SimulatedChange(NamedTuple):
    """A comment that would have ended otherwise."""

    comment: Comment
    decided: Verdict
    source: str
    would_be: Verdict
    grounds: Sequence[VerdictReason]

    @property
    def contradicts(self) -> bool:
        """Tell whether it would have gone against a moderator's word."""
        return contradicts(self.source, self.decided, self.would_be)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of it.

    `table` counts comments by who decided, what was decided, and what would be; `before` and
    `after` by what the rules in force and the other rules say of them. `left_out` counts what can't
    be compared, by why; `earlier_classifier` what was scored by another version than the present
    one, to which recommended thresholds may fit less.
    """

    table: Mapping[tuple[str, Verdict, Verdict], int]
    before: Mapping[Verdict, int]
    after: Mapping[Verdict, int]
    changes: Sequence[SimulatedChange]
    left_out: Mapping[str, int]
    earlier_classifier: int

    @property
    def compared(self) -> int:
        """How many comments were compared."""
        return sum(self.table.values())

    @property
    def same(self) -> int:
        """How many would have ended as they did."""
        return sum(n for (_, decided, would_be), n in self.table.items() if decided == would_be)

    @property
    def contradictions(self) -> Sequence[SimulatedChange]:
        """What would have been published or refused against a moderator's word."""
        return [change for change in self.changes if change.contradicts]


def contradicts(source: str, decided: Verdict, would_be: Verdict) -> bool:
    """Tell whether rules would have published or refused against a moderator's word.

    What they would have held is no contradiction: they would have asked.
    """
    asked = Verdict.HOLD in (decided, would_be)
    differs = (decided in REFUSING) != (would_be in REFUSING)
    return source == DecisionSource.MODERATOR and not asked and differs


class _DecidedComment(NamedTuple):
    """A comment with its standing decision, and what was found in it."""

    comment: Comment
    standing: Decision
    findings: Sequence[Finding]


def simulate(policy: Policy, *, site: Site, limit: int = 1000) -> Simulation:
    """Return what a policy would have done to the latest `limit` decided comments of a site.

    Nothing is stored. At most MOST comments are looked at.
    """
    recommended = classifier.recommended_thresholds()
    rules, in_force = policy.rules(recommended), Policy.objects.current(site).rules(recommended)
    table: Counter[tuple[str, Verdict, Verdict]] = Counter()
    before: Counter[Verdict] = Counter()
    after: Counter[Verdict] = Counter()
    left_out: Counter[str] = Counter()
    changes, earlier = [], 0
    for case in _cases(_latest(site, min(limit, MOST)), left_out):
        judgement = judge(_found_again(case, rules), rules)
        decided = Verdict(case.standing.verdict)
        table[case.standing.source, decided, judgement.verdict] += 1
        before[judge(_found_again(case, in_force), in_force).verdict] += 1
        after[judgement.verdict] += 1
        earlier += _is_scored_earlier(case)
        if decided != judgement.verdict:
            outcome = (decided, case.standing.source, judgement.verdict, judgement.grounds)
            changes.append(SimulatedChange(case.comment, *outcome))
    # What a person had decided comes first, and of that what contradicts.
    changes.sort(key=lambda c: (not c.contradicts, c.source != DecisionSource.MODERATOR))
    return Simulation(table, before, after, changes, left_out, earlier)


def _latest(site: Site, limit: int) -> list[Comment]:
    """Return the newest decided comments, each status read by its index and merged by time."""
    by_status = [
        Comment.objects.filter(site=site, status=status)
        .order_by("-id")
        .only("id", "author_name", "body", "revision", "status", "created_at")[:limit]
        for status in DECIDED
    ]
    newest_first = merge(*by_status, key=lambda comment: comment.pk, reverse=True)
    return list(islice(newest_first, limit))


def _cases(comments: Sequence[Comment], left_out: Counter[str]) -> Iterator[_DecidedComment]:
    """Yield what can be compared, and count what can't."""
    for start in range(0, len(comments), AT_ONCE):
        some = comments[start : start + AT_ONCE]
        standing, screened = _decisions(some)
        findings = _findings(screened.values())
        for comment in some:
            decision, screening = standing.get(comment.pk), screened.get(comment.pk)
            found = findings.get(screening.pk, []) if screening else []
            if decision is None or screening is None:
                left_out["not_screened"] += 1
            elif not any(finding.score is not None for finding in found):
                left_out["not_scored"] += 1
            else:
                yield _DecidedComment(comment, decision, found)


def _decisions(
    comments: Iterable[Comment],
) -> tuple[Mapping[UUID, Decision], Mapping[UUID, Decision]]:
    """Return what counts for the present text of each comment, and its last screening."""
    revisions = {comment.pk: comment.revision for comment in comments}
    standing, screened = {}, {}
    made = Decision.objects.filter(comment__in=revisions).select_related("overridden_by")
    for decision in made.defer("reasoning", "private_notes", "grounds").order_by("id"):
        if decision.revision != revisions[decision.comment_id]:
            continue
        if not hasattr(decision, "overridden_by"):
            standing[decision.comment_id] = decision
        if decision.source == DecisionSource.AUTOMATION:
            screened[decision.comment_id] = decision
    return standing, screened


def _findings(decisions: Iterable[Decision]) -> Mapping[UUID, list[Finding]]:
    found: defaultdict[UUID, list[Finding]] = defaultdict(list)
    for finding in Finding.objects.filter(decision__in=[decision.pk for decision in decisions]):
        found[finding.decision_id].append(finding)
    return found


def _found_again(case: _DecidedComment, rules: Rules) -> Iterator[Finding]:
    """Yield what the screening would find under other rules."""
    for finding in case.findings:
        if finding.check_name == "words":
            continue
        yield _under(finding, rules)
    yield from words.findings(case.comment.body, rules)


def _under(finding: Finding, rules: Rules) -> Finding:
    if finding.check_name == "author":
        reason = author.reason_for(finding.evidence, rules=rules)
    elif finding.check_name == "links":
        reason = links.reason_for(finding.evidence["links"], max_links=rules.max_links)
    else:
        return finding
    return Finding(check_name=finding.check_name, reason=reason, evidence=finding.evidence)


def _is_scored_earlier(case: _DecidedComment) -> bool:
    version = classifier.version()
    return any(f.score is not None and f.classifier_version != version for f in case.findings)
