"""Find comments that repeat an earlier text, by the digest of the normalised text."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from comments.models import Comment
from moderation.models import ContentFingerprint, Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

# The least length in characters: many people write "Thank you!", few the same whole sentence.
MIN_LENGTH = 40


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield REPEATED, with the time when the text was first seen at the site.

    Stored comments count, and the content fingerprints of those that clients had checked.
    """
    long = [subject for subject in batch if is_distinctive(subject.comment.body)]
    fingerprints = _first_fingerprints(long)
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
        first = first or fingerprints.get(subject.comment.pk)
        if first and first < subject.comment.created_at:
            evidence = {"first_seen_at": first.isoformat()}
            yield (
                subject,
                Finding(check_name="duplicates", reason=Reason.REPEATED, evidence=evidence),
            )


def is_distinctive(text: str) -> bool:
    """Return whether a text is long enough that nobody writes the same by chance."""
    return len(text) >= MIN_LENGTH


def _first_fingerprints(batch: Sequence[ScreeningSubject]) -> Mapping[UUID, datetime]:
    """Return when the texts of drafts were first checked, other than for the same comments."""
    drafts = [subject.comment for subject in batch if subject.comment.intake.get("fingerprint")]
    if not drafts:
        return {}
    stored = ContentFingerprint.objects.of(
        {c.site_id for c in drafts}, {c.body_digest for c in drafts}
    )
    firsts: dict[UUID, datetime] = {}
    for comment in drafts:
        seen = stored.get((comment.site_id, comment.body_digest), {})
        own = comment.intake["fingerprint"]
        others = [seen_at for fingerprint, seen_at in seen.items() if fingerprint != own]
        if others:
            firsts[comment.pk] = min(others)
    return firsts
