"""The checks, in order. Every one of them runs, so that no finding hides another.

To add one: copy the file that is most like it, give it a `find` of the same shape, list it here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from moderation.models import Finding
from moderation.screening.checks import (
    address,
    author,
    bans,
    blocklist,
    challenge,
    classifier,
    duplicates,
    earlier_decision,
    external,
    form_token,
    guests,
    honeypot,
    links,
    near_duplicates,
    own_address,
    words,
)
from moderation.screening.contract import Check, ScreeningSubject

CHECKS: Sequence[Check] = (
    # How it came in: signs of a machine.
    honeypot.find,
    form_token.find,
    challenge.find,
    # Who wrote it.
    bans.find,
    address.find,
    author.find,
    guests.find,
    # The text.
    earlier_decision.find,
    own_address.find,
    duplicates.find,
    near_duplicates.find,
    links.find,
    blocklist.find,
    words.find,
    classifier.find,
    # Verdicts of other services.
    external.find,
)


def find_all(batch: Sequence[ScreeningSubject]) -> Mapping[UUID, list[Finding]]:
    """Run every check over a batch; return the findings by comment id."""
    findings: defaultdict[UUID, list[Finding]] = defaultdict(list)
    for find in CHECKS:
        for subject, finding in find(batch):
            findings[subject.comment.pk].append(finding)
    return findings
