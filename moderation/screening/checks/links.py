"""Find links, and too many of them."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield HAS_LINKS, or TOO_MANY_LINKS where there are more than the policy's `max_links`."""
    for subject in batch:
        if count := len(subject.links):
            reason = reason_for(count, max_links=subject.rules.max_links)
            evidence = {"links": count, "domains": sorted(subject.domains)[:20]}
            yield subject, Finding(check_name="links", reason=reason, evidence=evidence)


def reason_for(count: int, *, max_links: int) -> Reason:
    """Return the reason for a number of links."""
    return Reason.TOO_MANY_LINKS if count > max_links else Reason.HAS_LINKS
