"""Receive a comment: check quota, thread and parent, store it as pending, enqueue its screening."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Site, Thread
from comments.models.comment import text_digest
from comments.privacy import email_addresses
from comments.text.markdown import render
from comments.threads import subscriptions
from comments.threads.subscriptions import SubscriptionChoice
from comments.threads.threads import get_or_create_thread
from moderation.intake import quotas
from moderation.intake.quotas import Quota
from moderation.models import Policy, Screening
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.screening import tasks


class SubmissionRefused(Exception):
    """Raised when a comment is not accepted; nothing was stored.

    `code` is the last part of the API's problem type; `field` names the field to change, if any.
    """

    code = "refused"
    field = ""


class ThreadClosed(SubmissionRefused):
    """The thread is closed for comments."""

    code = "thread-closed"


class ParentUnknown(SubmissionRefused):
    """The parent is no public comment of this thread."""

    code = "parent-unknown"
    field = "parent"


class TooDeep(SubmissionRefused):
    """The reply exceeds the site's maximum depth."""

    code = "too-deep"
    field = "parent"


class TooManyPosts(SubmissionRefused):
    """The quota of an IP address is exhausted; it may post again in `retry_after` seconds."""

    code = "too-many-posts"

    def __init__(self, exceeded: Sequence[Quota], *, retry_after: int) -> None:
        wait = {"seconds": retry_after}
        super().__init__(_("That was a lot of comments. Try again in %(seconds)s seconds.") % wait)
        self.quotas, self.retry_after = exceeded, retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReference:
    """The page that a comment is for, by its URL or by the site's own key for it."""

    key: str = ""
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a reader sent; `intake` is data for the checks: decoy field, form token."""

    page: PageReference
    body: str
    parent: UUID | None = None
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    address: str = ""
    user_agent: str = ""
    language: str = ""
    notify: SubscriptionChoice = SubscriptionChoice.NOTHING
    # Whether the email address is known to be the reader's own.
    verified: bool = False
    # The comments whose edit tokens the reader's browser sent.
    own_comments: Collection[UUID] = ()
    intake: dict[str, Any] = field(default_factory=dict)


class ReceivedComment(NamedTuple):
    """A stored comment, and the remaining quotas of its IP address."""

    comment: Comment
    quotas: Sequence[Quota]


# Views store more in the same transaction; a refusal rolls it all back, so no savepoint is needed.
@transaction.atomic(savepoint=False)
def receive(
    submission: Submission, *, site: Site, now: datetime, limited: bool = True
) -> ReceivedComment:
    """Store a comment as pending, and enqueue its screening after commit.

    With `limited`, the quotas of the reader's IP address apply; a site's own server has the rate
    limit of its key instead. Raises SubmissionRefused.
    """
    remaining = _consume_quotas(submission, site=site, now=now) if limited else []
    page = submission.page
    thread = get_or_create_thread(site, key=page.key, url=page.url, title=page.title, now=now)
    if Policy.objects.close(thread, now=now):
        raise ThreadClosed(_("This page takes no more comments."))
    parent = _parent(submission.parent, thread)
    author = _author(submission, site=site, now=now)
    comment = Comment.objects.create(
        site=site,
        thread=thread,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        author=author,
        author_name=submission.author_name,
        author_url=submission.author_url,
        author_verified=author is not None and _is_verified(submission, author),
        page_language=submission.language,
        body=submission.body,
        body_html=render(submission.body),
        body_digest=text_digest(submission.body),
        created_at=now,
        address_digest=email_addresses.address_digest(submission.address),
        network_digest=email_addresses.network_digest(submission.address),
        user_agent=submission.user_agent[:300],
        intake=submission.intake,
    )
    if site.notify and submission.notify:
        subscriptions.subscribe(comment, submission.notify, language=submission.language, now=now)
    Screening.objects.create(comment=comment)
    events.record([NewEvent(EventType.RECEIVED, comment)], now=now)
    tasks.enqueue_screening(comment.pk)
    return ReceivedComment(comment, remaining)


def _consume_quotas(submission: Submission, *, site: Site, now: datetime) -> list[Quota]:
    """Return the quotas that remain after this comment; raise TooManyPosts when one is used up."""
    if not submission.address:
        return []
    remaining = quotas.remaining(submission.address, site=site, now=now)
    if used_up := [quota for quota in remaining if not quota.remaining]:
        raise TooManyPosts(remaining, retry_after=max(quota.reset for quota in used_up))
    return [quota._replace(remaining=quota.remaining - 1) for quota in remaining]


def _parent(parent_id: UUID | None, thread: Thread) -> Comment | None:
    if parent_id is None:
        return None
    parent = Comment.objects.public().filter(pk=parent_id, thread=thread).first()
    if parent is None:
        raise ParentUnknown(_("There is no such comment on this page to reply to."))
    if parent.depth >= thread.site.max_depth:
        depth = {"depth": thread.site.max_depth}
        raise TooDeep(_("Replies go %(depth)s deep here: reply one level up.") % depth)
    return parent


def _is_verified(submission: Submission, author: Author) -> bool:
    """Return whether the email address is known to be the writer's own.

    The site says so, or the same browser sent a comment that was confirmed by mail.
    """
    if submission.verified or not submission.own_comments:
        return submission.verified
    confirmed = Comment.objects.filter(author=author, author_verified=True)
    return confirmed.filter(pk__in=submission.own_comments).exists()


def _author(submission: Submission, *, site: Site, now: datetime) -> Author | None:
    """Return the author with this email address, digested with any of the keys; created if new."""
    if not submission.author_email:
        return None
    author = Author.objects.get_or_create_by_digest(
        site,
        email_addresses.email_digests(submission.author_email),
        lambda: {
            "email_encrypted": email_addresses.encrypt(submission.author_email),
            "name": submission.author_name,
            "first_seen_at": now,
        },
    )
    if submission.verified and author.verified_at is None:
        author.verified_at = now
        author.save(update_fields=["verified_at"])
    if author.name != submission.author_name:
        Author.objects.filter(pk=author.pk).update(name=submission.author_name)
    return author
