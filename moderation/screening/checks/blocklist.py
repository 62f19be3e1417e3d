"""Find links to hosts that are on a blocklist."""

from collections.abc import Iterator, Sequence

from comments.text.hosts import parents
from moderation.models import BlockedHost, Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield BLOCKED_HOST for comments that link to a host of a list, or whose author's site is one.

    A host below a listed one counts as well.
    """
    linking = [(subject, _with_parents(subject.domains)) for subject in batch if subject.domains]
    if not linking:
        return
    lists = BlockedHost.objects.lists_of(set().union(*(hosts for _, hosts in linking)))
    for subject, hosts in linking:
        if listed := sorted(hosts & lists.keys()):
            evidence = {"domains": listed[:20], "lists": sorted({lists[host] for host in listed})}
            yield (
                subject,
                Finding(check_name="blocklist", reason=Reason.BLOCKED_HOST, evidence=evidence),
            )


def _with_parents(domains: set[str]) -> set[str]:
    return {parent for host in domains for parent in parents(host)}
