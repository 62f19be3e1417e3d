"""Labels by people on texts, stored as training and test data for classifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from comments.models import Comment, Site
from comments.models.comment import text_digest
from moderation.models import Label, LabelSource


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
    source: LabelSource = LabelSource.FEEDBACK,
) -> int:
    """Store labels of a site's texts, and return how many; a later one replaces an earlier one."""
    rows = {
        (digest, category): Label(
            site=site,
            comment=item.comment,
            text=item.text,
            text_digest=digest,
            author_name=item.author_name[:100],
            author_url=item.author_url[:500],
            category=category,
            value=value,
            source=source,
            created_at=now,
        )
        for item in items
        for digest in (text_digest(item.text),)
        for category, value in item.labels.items()
    }
    Label.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["site", "text_digest", "category", "source"],
        update_fields=["value", "comment", "created_at"],
    )
    return len(rows)


def labelled_comment(comment: Comment, labels: Mapping[str, bool]) -> LabelledText:
    """Return a comment's present text with labels."""
    return LabelledText(
        text=comment.body,
        labels=labels,
        author_name=comment.author_name,
        author_url=comment.author_url,
        comment=comment,
    )
