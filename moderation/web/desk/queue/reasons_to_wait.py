"""Why the rules had a comment wait, in sentences for its card."""

from collections.abc import Collection

from moderation.models import Decision
from moderation.rules.verdicts import VERDICT_OF_REASON
from moderation.web.desk.base.wording import finding_in_words, ground_in_words


def reasons_to_wait(screened: Decision | None, *, scored: Collection[str]) -> list[str]:
    """Return what the rules found, and each further line of the policy that held the comment.

    Categories in `scored` stand on the card with their scores already.
    """
    if screened is None:
        return []
    found = [f for f in screened.findings.all() if f.reason in VERDICT_OF_REASON]
    reasons = {finding.reason for finding in found}
    further = [
        ground_in_words(ground)
        for ground in screened.grounds
        if ground["category"] not in scored and ground["reason"] not in reasons
    ]
    return list(dict.fromkeys([*map(finding_in_words, found), *further]))
