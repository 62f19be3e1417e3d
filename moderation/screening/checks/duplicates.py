"""Finds comments that say again what was said before, letter for letter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from comments.models import Comment
from moderation.models import ContentFingerprint, Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

# Many people write "Thank you!"; few write the same whole sentence (characters).
LONG_ENOUGH = 40


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield REPEATED, with when the text was first seen at the site.

    Beside the comments that are kept here count those that the site's software asked about.
    """
    long = [subject for subject in batch if is_telling(subject.comment.body)]
    asked_about = _asked_about(long)
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
        first = first or asked_about.get(subject.comment.pk)
        if first and first < subject.comment.created_at:
            evidence = {"first_seen_at": first.isoformat()}
            yield (
                subject,
                Finding(check_name="duplicates", reason=Reason.REPEATED, evidence=evidence),
            )


def is_telling(text: str) -> bool:
    """Tell whether a text is long enough that nobody writes the same by chance."""
    return len(text) >= LONG_ENOUGH


def _asked_about(batch: Sequence[ScreeningSubject]) -> Mapping[UUID, datetime]:
    """Return when the texts of drafts were first asked about, other than as the same comments."""
    marked = [subject.comment for subject in batch if subject.comment.intake.get("source_digest")]
    if not marked:
        return {}
    seen = ContentFingerprint.objects.of(
        {c.site_id for c in marked}, {c.body_digest for c in marked}
    )
    firsts: dict[UUID, datetime] = {}
    for comment in marked:
        sightings = seen.get((comment.site_id, comment.body_digest), {})
        own = comment.intake["source_digest"]
        others = [at for source, at in sightings.items() if source != own]
        if others:
            firsts[comment.pk] = min(others)
    return firsts
