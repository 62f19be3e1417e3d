"""Finds comments that say again what was said before, letter for letter."""

from collections.abc import Iterator, Sequence

from django.db.models import Min

from comments.models import Comment
from moderation.checks.contract import Subject
from moderation.models import Finding
from moderation.verdicts import Reason

# Many people write "Thank you!"; few write the same whole sentence (characters).
LONG_ENOUGH = 40


def find(batch: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Yield REPEATED, with the id of the first comment of that text at the site."""
    long = [subject for subject in batch if len(subject.comment.body) >= LONG_ENOUGH]
    firsts = {
        (site, digest): first
        for site, digest, first in Comment.objects.filter(
            site__in={subject.comment.site_id for subject in long},
            body_digest__in={subject.comment.body_digest for subject in long},
        )
        .values_list("site", "body_digest")
        .annotate(first=Min("created_at"))
        .order_by()
    }
    for subject in long:
        first = firsts.get((subject.comment.site_id, subject.comment.body_digest))
        if first and first < subject.comment.created_at:
            evidence = {"first_seen_at": first.isoformat()}
            yield (
                subject,
                Finding(check_name="duplicates", reason=Reason.REPEATED, evidence=evidence),
            )
