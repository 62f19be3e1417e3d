"""Finds links, and too many of them."""

from collections.abc import Iterator, Sequence

from moderation.checks.contract import Subject
from moderation.models import Finding
from moderation.verdicts import Reason


def find(batch: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Yield HAS_LINKS, or TOO_MANY_LINKS where there are more than the policy's `max_links`."""
    for subject in batch:
        if count := len(subject.links):
            too_many = count > subject.rules.max_links
            yield (
                subject,
                Finding(
                    check_name="links",
                    reason=Reason.TOO_MANY_LINKS if too_many else Reason.HAS_LINKS,
                    evidence={"links": count, "domains": sorted(subject.domains)[:20]},
                ),
            )
