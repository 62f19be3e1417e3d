"""Labels by people on texts, stored as training and test data for classifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from comments.models import Comment, Site, SiteKey
from comments.models.comment import text_digest
from comments.privacy import names
from comments.text import readable
from moderation.decisions import audit
from moderation.models import Actor, AuditAction, Label, LabelSource

# A site's software says what its people decided, but not who did, nor what they saw.
FEEDBACK_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A text with labels by category (True: harmful); missing categories were not judged."""

    text: str
    labels: Mapping[str, bool] = field(default_factory=dict)
    author_name: str = ""
    author_url: str = ""
    comment: Comment | None = None


@transaction.atomic
def store_labels(
    items: Sequence[LabelledText],
    *,
    site: Site,
    now: datetime,
    by: Actor | None = None,
    source: LabelSource = LabelSource.FEEDBACK,
) -> int:
    """Store labels of a site's texts, and return how many.

    A later label by a key replaces its earlier one. Feedback is written into the audit trail.
    """
    rows = {
        (digest, category): Label(
            site=site,
            comment=item.comment,
            text=item.text,
            text_digest=digest,
            author_name=names.public_name(item.author_name)[:100],
            author_url=names.public_url(item.author_url)[:500],
            category=category,
            value=value,
            source=source,
            weight=FEEDBACK_WEIGHT if source == LabelSource.FEEDBACK else 1.0,
            key=by if isinstance(by, SiteKey) else None,
            created_at=now,
        )
        for item in items
        for digest in (text_digest(item.text),)
        for category, value in item.labels.items()
    }
    Label.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["site", "text_digest", "category", "key"],
        update_fields=["value", "comment", "created_at"],
    )
    if source == LabelSource.FEEDBACK:
        act, detail = AuditAction.FEEDBACK_GIVEN, {"labels": len(rows)}
        subject = items[0].comment.pk if len(items) == 1 and items[0].comment else ""
        audit.record(act, site=site, by=by, now=now, subject=subject, detail=detail)
    return len(rows)


def labelled_comment(comment: Comment, labels: Mapping[str, bool]) -> LabelledText:
    """Return a comment's present text with labels."""
    return LabelledText(
        text=readable.of_html(comment.body_html),
        labels=labels,
        author_name=comment.author_name,
        author_url=comment.author_url,
        comment=comment,
    )
