"""Intake: a comment comes in, is changed by its author, or is taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Site, Status, Thread
from comments.models.comment import text_digest
from comments.privacy import email_addresses
from comments.text.markdown import render
from comments.threads import subscriptions
from comments.threads.subscriptions import SubscriptionChoice
from comments.threads.threads import get_or_create_thread
from moderation.decisions import decide
from moderation.intake import quotas
from moderation.intake.quotas import Quota
from moderation.models import Decision, DecisionSource, Policy, Screening
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.verdicts import Verdict
from moderation.screening import tasks


class SubmissionRefused(Exception):
    """A comment that can't be taken; nothing was stored. `field` names what to change, if any."""

    code = "refused"
    field = ""


class ThreadClosed(SubmissionRefused):
    """The thread takes no comments any more."""

    code = "thread-closed"


class ParentUnknown(SubmissionRefused):
    """There is no such comment in this thread to reply to."""

    code = "parent-unknown"
    field = "parent"


class TooDeep(SubmissionRefused):
    """Replies are nested as deeply as the site allows."""

    code = "too-deep"
    field = "parent"


class TooManyPosts(SubmissionRefused):
    """An address has posted as often as it may; `retry_after` seconds from now it may again."""

    code = "too-many-posts"

    def __init__(self, left: Sequence[Quota], *, retry_after: int) -> None:
        wait = {"seconds": retry_after}
        super().__init__(_("That was a lot of comments. Try again in %(seconds)s seconds.") % wait)
        self.quotas, self.retry_after = left, retry_after


class EditWindowOver(SubmissionRefused):
    """The time in which the author may change the comment is over."""

    code = "too-late"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReference:
    """The page that a comment is for, by its address or by the site's own key for it."""

    key: str = ""
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a reader sent. `intake` is what the way in showed; the checks read it."""

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
    # The site, or we ourselves, know that the address is the reader's own.
    verified: bool = False
    # The comments whose edit tokens the reader's browser has.
    shown: Collection[UUID] = ()
    intake: dict[str, Any] = field(default_factory=dict)


class ReceivedComment(NamedTuple):
    """A comment that was taken, and what its address may still post."""

    comment: Comment
    quotas: Sequence[Quota]


# Doors store more in the same transaction; a refusal ends it whole, without a savepoint's price.
@transaction.atomic(savepoint=False)
def receive(
    submission: Submission, *, site: Site, now: datetime, limited: bool = True
) -> ReceivedComment:
    """Store a comment as pending and ring for a worker once it is committed.

    A site's own server is not `limited` by the reader's address: its key has a limit of its own.
    Raises a Refused when the comment can't be taken.
    """
    left = _limit_posts(submission, site=site, now=now) if limited else []
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
    return ReceivedComment(comment, left)


@transaction.atomic
def revise(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Take an author's new text for a comment; it is screened like a new one.

    Raises EditWindowOver outside the site's time to edit, or when the comment was refused.
    """
    if not comment.is_editable(now):
        raise EditWindowOver(_("This comment can’t be changed any more."))
    if body == comment.body:
        return comment
    revised = decide.revise(comment, body=body, now=now)
    tasks.enqueue_screening(comment.pk)
    return revised


def withdraw(comment: Comment, *, now: datetime) -> Decision:
    """Delete a comment at its author's wish."""
    return decide.decide_one(
        decide.Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=Verdict.DELETE,
            source=DecisionSource.AUTHOR,
        ),
        now=now,
    )


@transaction.atomic
def correct(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Take a new text from the site's own server, at any time; it is screened like a new one."""
    if comment.status == Status.DELETED:
        raise EditWindowOver(_("This comment is deleted."))
    revised = decide.revise(comment, body=body, now=now)
    tasks.enqueue_screening(comment.pk)
    return revised


def rule(comment: Comment, verdict: Verdict, *, now: datetime, reasoning: str = "") -> Decision:
    """Record what the site's own software decided; a moderator's decision stays.

    Raises a Refused of `deciding`.
    """
    return decide.decide_one(
        decide.Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=verdict,
            source=DecisionSource.SITE,
            reasoning=reasoning,
        ),
        now=now,
    )


def _limit_posts(submission: Submission, *, site: Site, now: datetime) -> list[Quota]:
    if not submission.address:
        return []
    left = quotas.left(submission.address, site=site, now=now)
    if used_up := [quota for quota in left if not quota.remaining]:
        raise TooManyPosts(left, retry_after=max(quota.reset for quota in used_up))
    return [quota._replace(remaining=quota.remaining - 1) for quota in left]


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
    """Tell whether it is known that the writer is who the address says.

    The site says so, or it is the browser from which a comment came that was confirmed by mail.
    """
    if submission.verified or not submission.shown:
        return submission.verified
    confirmed = Comment.objects.filter(author=author, author_verified=True)
    return confirmed.filter(pk__in=submission.shown).exists()


def _author(submission: Submission, *, site: Site, now: datetime) -> Author | None:
    """Return the person with this email address, known by any of the keys it was digested with."""
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
