"""Find comments of banned email addresses, networks and domains."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from comments.text.hosts import parents
from moderation.models import Ban, Finding
from moderation.models.ban import BanTarget
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield BANNED for each ban that applies, with the ban's id."""
    keys = {key for subject in batch for key in _ban_keys(subject)}
    bans = defaultdict(list)
    for ban in Ban.objects.in_force(batch[0].now).filter(
        site__in={subject.comment.site_id for subject in batch},
        value__in={value for _, _, value in keys},
    ):
        bans[ban.site_id, ban.target, ban.value].append(ban)
    for subject in batch:
        for ban in (ban for key in sorted(_ban_keys(subject), key=str) for ban in bans[key]):
            evidence = {"ban": str(ban.id), "target": ban.target, "because": ban.reason}
            yield subject, Finding(check_name="bans", reason=Reason.BANNED, evidence=evidence)


def _ban_keys(subject: ScreeningSubject) -> set[tuple[UUID, str, str]]:
    """Return the (site, target, value) of every ban that would match the comment."""
    comment = subject.comment
    keys = {(BanTarget.DOMAIN, parent) for host in subject.domains for parent in parents(host)}
    if comment.author:
        keys.add((BanTarget.EMAIL, comment.author.email_digest))
    if comment.network_digest:
        keys.add((BanTarget.NETWORK, comment.network_digest))
    return {(comment.site_id, str(target), value) for target, value in keys}
