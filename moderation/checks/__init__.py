"""The checks, in order. Every one of them runs, so that no finding hides another.

To add one: copy the file that is most like it, give it a `find` of the same shape, list it here.
"""

from collections.abc import Sequence

from moderation.checks import (
    address,
    author,
    bans,
    classifier,
    duplicates,
    external,
    form_token,
    honeypot,
    links,
    words,
)
from moderation.checks.contract import Check

CHECKS: Sequence[Check] = (
    # How it came in: signs of a machine.
    honeypot.find,
    form_token.find,
    # Who wrote it.
    bans.find,
    address.find,
    author.find,
    # What it says.
    duplicates.find,
    links.find,
    words.find,
    classifier.find,
    # What somebody else says.
    external.find,
)
