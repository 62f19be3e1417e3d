"""Export everything that a site holds on a person: the right of access, GDPR, article 15.

A person is identified by the email address; see `personal_data`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from comments.models import Comment, Site, Vote
from comments.privacy import email_addresses
from moderation.decisions import audit
from moderation.models import Actor, Appeal, AuditAction, AuditRecord, Note
from moderation.notifications import disclosure
from moderation.review.people import personal_data


@transaction.atomic
def export_person(
    site: Site, email: str, *, now: datetime, by: Actor | None = None
) -> dict[str, Any]:
    """Return everything that is held at a site under an email address; {} when nothing is.

    It contains the address in the clear, for that person alone to read.
    """
    authors = list(personal_data.authors_of(site, email))
    if not authors:
        act, detail = AuditAction.ADDRESS_SEARCHED, {"found": False}
        audit.record(act, site=site, by=by, now=now, detail=detail)
        return {}
    records = [AuditRecord(AuditAction.PERSON_EXPORTED, site.pk, author.pk) for author in authors]
    first, *_ = [disclosure.disclose(record, by=by, now=now) for record in records]
    comments = Comment.objects.filter(author__in=authors).select_related("thread", "picture")
    return {
        "site": site.slug,
        "email": first(authors[0]),
        "names": sorted({author.name for author in authors}),
        "first_seen_at": min(author.first_seen_at for author in authors),
        "comments": [
            _comment_data(comment) for comment in comments.order_by("pk").iterator(chunk_size=500)
        ],
        "votes": [
            {"comment": vote.comment_id, "value": vote.value, "voted_at": vote.voted_at}
            for vote in Vote.objects.filter(
                comment__site=site, voter__in=email_addresses.email_digests(email)
            )
        ],
        "notes": [
            {"text": note.text, "written_at": note.written_at}
            for note in Note.objects.filter(author__in=authors)
        ],
        "bans": [
            {"reason": ban.reason, "since": ban.created_at, "until": ban.until}
            for ban in personal_data.bans_of(site, email)
        ],
        "subscriptions": [
            {
                "thread": subscription.thread.key,
                "comment": subscription.comment_id,
                "since": subscription.created_at,
            }
            for subscription in personal_data.subscriptions_of(authors)
        ],
        "mails": list(
            personal_data.mails_of(site, email).values("kind", "subject", "created_at", "sent_at")
        ),
    }


def _comment_data(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "thread": comment.thread.key,
        "status": comment.status,
        "name": comment.author_name,
        "website": comment.author_url,
        "picture": comment.picture.url if comment.picture else "",
        "text": comment.body,
        "browser": comment.user_agent,
        "written_at": comment.created_at,
        "edited_at": comment.edited_at,
        "earlier_texts": list(comment.revisions.values("number", "body", "replaced_at")),
        "decisions": list(
            comment.decisions.order_by("pk").values("verdict", "decided_at", "reasoning")
        ),
        "appeals": list(
            Appeal.objects.filter(decision__comment=comment).values("text", "submitted_at")
        ),
    }
