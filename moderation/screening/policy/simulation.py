"""Dry run of a policy: its verdicts on the comments that were decided last.

Findings are stored, so nothing is scored again: thresholds are compared with stored scores, and
limits with stored counts of links and earlier comments; word lists are matched anew. Reports and
closing after days do not depend on single comments, and are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from comments.models import Comment, Site
from moderation.models import Decision, DecisionSource, Finding, Policy
from moderation.rules.outcomes import STATUSES_WITH_VERDICT, VERDICTS_REFUSING
from moderation.rules.verdicts import Judgement, Rules, Verdict, VerdictReason, judge
from moderation.screening import classifier
from moderation.screening.checks import author, links, words
from moderation.screening.contract import ScreeningSubject
from moderation.screening.policy.sections import RulesByPage
from moderation.screening.policy.time_budget import TimeBudget, one_at_a_time

MOST = 5000
# How many ids go into one query.
AT_ONCE = 500
# What is read of each comment, and of its thread where that tells which rules count.
READ = ("author_name", "body", "revision", "status", "created_at")
READ_OF_THREADS = tuple(f"thread__{name}" for name in ("key", "key_digest", "url", "section"))


class SimulatedOutcome(NamedTuple):
    """Who decided about a comment, the verdict, and the verdict under the simulated policy."""

    source: str
    decided: Verdict
    would_be: Verdict

    @property
    def is_same(self) -> bool:
        """Tell whether both verdicts are the same."""
        return self.decided == self.would_be

    @property
    def contradicts(self) -> bool:
        """Tell whether the policy would have published or refused against a moderator's decision.

        To hold a comment is no contradiction: a moderator would have been asked.
        """
        is_held = Verdict.HOLD in (self.decided, self.would_be)
        differs = (self.decided in VERDICTS_REFUSING) != (self.would_be in VERDICTS_REFUSING)
        return self.source == DecisionSource.MODERATOR and not is_held and differs


class SimulatedChange(NamedTuple):
    """A comment that would have got another verdict, and the reasons for that one."""

    comment: Comment
    outcome: SimulatedOutcome
    grounds: Sequence[VerdictReason]


@dataclass(slots=True)
class LeftOut:
    """How many comments are not compared.

    They were never screened, or screened without scores, or the time was over before their turn.
    """

    not_screened: int = 0
    not_scored: int = 0
    out_of_time: int = 0


@dataclass(frozen=True, slots=True)
class Simulation:
    """The result of a simulation.

    `table` counts comments by outcome; `before` and `after` count them by verdict under the current
    and the simulated policy. `changes` list contradictions first, then other decisions of
    moderators. `earlier_classifier` counts the comments that were scored by another version of the
    classifier than the present one, which recommended thresholds may fit less.
    """

    table: Mapping[SimulatedOutcome, int]
    before: Mapping[Verdict, int]
    after: Mapping[Verdict, int]
    changes: Sequence[SimulatedChange]
    left_out: LeftOut
    earlier_classifier: int

    @property
    def compared(self) -> int:
        """How many comments were compared."""
        return sum(self.table.values())

    @property
    def same(self) -> int:
        """How many comments would have got the same verdict."""
        return sum(n for outcome, n in self.table.items() if outcome.is_same)

    @property
    def contradictions(self) -> int:
        """How many comments would have been published or refused against a moderator's decision."""
        return sum(n for outcome, n in self.table.items() if outcome.contradicts)


class _DecidedComment(NamedTuple):
    """A comment with its effective decision and the findings of its last screening."""

    comment: Comment
    effective: Decision
    findings: Sequence[Finding]


def simulate(
    policy: Policy, *, site: Site, limit: int = 1000, budget: TimeBudget | None = None
) -> Simulation:
    """Return the verdicts of a policy on the latest `limit` decided comments of a site.

    Nothing is stored. At most MOST comments are compared, and no more than the budget has time for:
    the oldest are left out. Raises AlreadyRunning.
    """
    with one_at_a_time(site, "simulation"):
        return _simulate(policy, site, limit=min(limit, MOST), budget=budget or TimeBudget())


def _simulate(policy: Policy, site: Site, *, limit: int, budget: TimeBudget) -> Simulation:
    recommended = classifier.recommended_thresholds()
    simulated = RulesByPage(policy, site, recommended)
    current = RulesByPage(Policy.objects.current(site), site, recommended)
    table: Counter[SimulatedOutcome] = Counter()
    before: Counter[Verdict] = Counter()
    after: Counter[Verdict] = Counter()
    left_out = LeftOut()
    changes, earlier = [], 0
    for case in _comparable(_latest(site, limit, with_threads=bool(current.sections)), left_out):
        if budget.is_spent():
            left_out.out_of_time += 1
            continue
        judgement = _judge_under(case, simulated)
        decided = Verdict(case.effective.verdict)
        outcome = SimulatedOutcome(case.effective.source, decided, judgement.verdict)
        table[outcome] += 1
        before[_judge_under(case, current).verdict] += 1
        after[judgement.verdict] += 1
        earlier += _is_scored_earlier(case)
        if not outcome.is_same:
            changes.append(SimulatedChange(case.comment, outcome, judgement.grounds))
    changes.sort(key=_interest)
    return Simulation(table, before, after, changes, left_out, earlier)


def _judge_under(case: _DecidedComment, policy: RulesByPage) -> Judgement:
    """Return the verdict on a comment under a policy, as it is on the comment's page."""
    rules = policy.of(case.comment)
    return judge(_findings_under(case, rules), rules)


def _interest(change: SimulatedChange) -> tuple[bool, bool]:
    """Return the sort key of a change: contradictions first, then moderators' decisions."""
    outcome = change.outcome
    return not outcome.contradicts, outcome.source != DecisionSource.MODERATOR


def _latest(site: Site, limit: int, *, with_threads: bool) -> list[Comment]:
    """Return the newest decided comments, each status read by its index and merged by time."""
    comments = Comment.objects.only("id", *READ, "thread_id")
    if with_threads:
        comments = Comment.objects.select_related("thread").only("id", *READ, *READ_OF_THREADS)
    by_status = [
        comments.filter(site=site, status=status).order_by("-id")[:limit]
        for status in STATUSES_WITH_VERDICT
    ]
    newest_first = merge(*by_status, key=lambda comment: comment.pk, reverse=True)
    return list(islice(newest_first, limit))


def _comparable(comments: Sequence[Comment], left_out: LeftOut) -> Iterator[_DecidedComment]:
    """Yield the comments that can be compared, and count the others in `left_out`."""
    for start in range(0, len(comments), AT_ONCE):
        batch = comments[start : start + AT_ONCE]
        effective, screened = _decisions(batch)
        findings = _findings(screened.values())
        for comment in batch:
            decision, screening = effective.get(comment.pk), screened.get(comment.pk)
            own = findings.get(screening.pk, []) if screening else []
            if decision is None or screening is None:
                left_out.not_screened += 1
            elif not any(finding.score is not None for finding in own):
                left_out.not_scored += 1
            else:
                yield _DecidedComment(comment, decision, own)


def _decisions(
    comments: Iterable[Comment],
) -> tuple[Mapping[UUID, Decision], Mapping[UUID, Decision]]:
    """Return the effective and the last automatic decision on each comment's present text."""
    revisions = {comment.pk: comment.revision for comment in comments}
    effective, screened = {}, {}
    made = Decision.objects.filter(comment__in=revisions).select_related("overridden_by")
    for decision in made.defer("reasoning", "private_notes", "grounds").order_by("id"):
        if decision.revision != revisions[decision.comment_id]:
            continue
        if not hasattr(decision, "overridden_by"):
            effective[decision.comment_id] = decision
        if decision.source == DecisionSource.AUTOMATION:
            screened[decision.comment_id] = decision
    return effective, screened


def _findings(decisions: Iterable[Decision]) -> Mapping[UUID, list[Finding]]:
    findings: defaultdict[UUID, list[Finding]] = defaultdict(list)
    for finding in Finding.objects.filter(decision__in=[decision.pk for decision in decisions]):
        findings[finding.decision_id].append(finding)
    return findings


def _findings_under(case: _DecidedComment, rules: Rules) -> Iterator[Finding]:
    """Yield the findings that the checks would report under other rules."""
    for finding in case.findings:
        if finding.check_name == "words":
            continue
        yield _under(finding, rules)
    # Words are the same whenever they are looked for.
    yield from words.findings(ScreeningSubject(case.comment, rules, case.comment.created_at))


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
