"""Receive a comment: check quota, thread and parent, store it as pending, enqueue its screening."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from comments.accounts import pictures
from comments.http import rate_limits
from comments.models import Author, Comment, Site, Thread
from comments.models.comment import text_digest
from comments.models.insertion import Insertion, insert_all
from comments.privacy import email_addresses, names
from comments.text.markdown import render
from comments.threads import subscriptions
from comments.threads.threads import PageReference
from moderation.intake import badges, placement, posting, quotas, writer
from moderation.intake.lookup import Known, look_up
from moderation.intake.quotas import Quota
from moderation.intake.refusals import TooManyPosts, TooManySubscriptions
from moderation.intake.submission import Submission
from moderation.models import Screening
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.screening import tasks


class ReceivedComment(NamedTuple):
    """A comment, the remaining quotas of its IP address, and the rows that are to be stored."""

    comment: Comment
    quotas: Sequence[Quota]
    rows: Sequence[Insertion]


# Views store more in the same transaction; a refusal rolls it all back, so no savepoint is needed.
@transaction.atomic(savepoint=False)
def receive(submission: Submission, *, site: Site, now: datetime, limited: bool = True) -> Comment:
    """Store a comment as pending, and enqueue its screening after commit.

    See `accept`. Raises SubmissionRefused.
    """
    received = accept(submission, site=site, now=now, limited=limited)
    insert_all(received.rows)
    return received.comment


def accept(
    submission: Submission,
    *,
    site: Site,
    now: datetime,
    limited: bool = True,
    careful: bool = True,
) -> ReceivedComment:
    """Return a comment that is to be stored as pending, and enqueue its screening after commit.

    Whoever calls stores the rows in the same transaction, with what belongs to them: see
    `insert_all`. With `limited`, the quotas of the reader's IP address apply; a site's own server
    has the rate limit of its key instead, and its word on what the page is called counts at once.
    Without `careful`, the author's row may turn out to be there: see `idempotency.Create`.
    Raises SubmissionRefused.
    """
    known = look_up(submission, site=site, now=now)
    remaining = _consume_quotas(submission, known, site=site, now=now) if limited else []
    submission = _publishable(submission)
    thread = placement.thread_of(
        submission.page, known.thread, site=site, vouched=not limited, now=now
    )
    claimed = submission.page.url if limited else ""
    policy = posting.policy_on(
        thread, revision=known.revision, has_sections=known.has_sections, claimed=claimed
    )
    rules = posting.rules_under(policy, thread, now=now)
    # A site's own server has asked whom it likes.
    rules.require(signed_on=submission.verified or not limited)
    parent = placement.parent_of(submission.parent, thread)
    author, rows = writer.author_of(
        submission, site=site, known=known.author, careful=careful, now=now
    )
    if limited:
        posting.require_pause(
            rules,
            thread,
            author=author,
            address=submission.address,
            signed_on=submission.verified,
            now=now,
        )
    comment = _comment(submission, thread, parent=parent, author=author, limited=limited, now=now)
    rows = [*rows, Insertion(comment), Insertion(Screening(comment=comment))]
    if site.notify and submission.notify:
        _subscribe(comment, submission, now=now)
    if known.has_webhooks:
        rows += map(Insertion, events.composed([NewEvent(EventType.RECEIVED, comment)], now=now))
    tasks.enqueue_screening(comment.pk)
    return ReceivedComment(comment, remaining, rows)


def _comment(
    submission: Submission,
    thread: Thread,
    *,
    parent: Comment | None,
    author: Author | None,
    limited: bool,
    now: datetime,
) -> Comment:
    """Return the comment, pending, with what proves who wrote it."""
    verified = author is not None and writer.is_verified(submission, author)
    badge = badges.badge_for(
        thread.site, submission.author_email, verified=verified, claimed=submission.badge
    )
    return Comment(
        site=thread.site,
        thread=thread,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        author=author,
        author_name=submission.author_name,
        author_url=submission.author_url,
        author_verified=verified,
        badge_kind=badge.kind,
        badge_label=badge.label,
        picture_id=pictures.known(submission.picture),
        page_language=submission.language,
        body=submission.body,
        body_html=render(submission.body),
        body_digest=text_digest(submission.body),
        created_at=now,
        address_digest=email_addresses.address_digest(submission.address),
        network_digest=email_addresses.network_digest(submission.address),
        user_agent=submission.user_agent[:300],
        intake={
            **submission.intake,
            **(_page_at_posting(submission.page) if limited else {}),
            **writer.identity(submission, author),
        },
    )


def _subscribe(comment: Comment, submission: Submission, *, now: datetime) -> None:
    try:
        subscriptions.subscribe(comment, submission.notify, language=submission.language, now=now)
    except subscriptions.NoRoom as error:
        raise TooManySubscriptions(str(error)) from None


def _publishable(submission: Submission) -> Submission:
    """Return a submission without the email addresses that a name, website or title would show.

    Doors where somebody can correct it have refused it before.
    """
    email, page = submission.author_email, submission.page
    # A title may name the site's own address, but not the writer's.
    title = "" if names.spells(page.title, email) else page.title
    return replace(
        submission,
        author_name=names.public_name(submission.author_name, email=email),
        author_url=names.public_url(submission.author_url, email=email),
        page=replace(page, title=title),
    )


def _consume_quotas(
    submission: Submission, known: Known, *, site: Site, now: datetime
) -> list[Quota]:
    """Return the quotas that remain after this comment; raise TooManyPosts when one is used up."""
    if not email_addresses.address_digest(submission.address):
        _limit_nobodys_posts(site, now=now)
        return []
    remaining = quotas.remaining(known.posted, now=now)
    if used_up := [quota for quota in remaining if not quota.remaining]:
        raise TooManyPosts(remaining, retry_after=max(quota.reset for quota in used_up))
    return [quota._replace(remaining=quota.remaining - 1) for quota in remaining]


def _limit_nobodys_posts(site: Site, *, now: datetime) -> None:
    """Raise TooManyPosts when readers whose address can't be read posted too much together."""
    most, _period = quotas.LIMITS[0]
    usage = rate_limits.use_for("", f"posts {site.pk}", now=now.timestamp(), limit=most)
    if not usage.allowed:
        raise TooManyPosts([], retry_after=usage.reset)


def _page_at_posting(page: PageReference) -> dict[str, dict[str, str]]:
    """Return what the reader's browser said of the page, which counts once this is public."""
    claimed = {"url": page.url, "title": page.title}
    return {"page": {name: value for name, value in claimed.items() if value}}
