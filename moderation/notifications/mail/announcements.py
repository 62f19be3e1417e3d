"""Announce decisions by mail: to subscribers what is published, to authors what was decided.

Everything is recorded in the transaction of the decision: for subscribers as notifications, from
which `digests` composes messages, for authors as messages. A moderator's decision is announced
after the undo window.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import prefetch_related_objects

from comments.models import Author, Comment, Site, Subscriber, Subscription
from comments.privacy import email_addresses, signed_links
from moderation.models import (
    Decision,
    DecisionSource,
    Mail,
    MailKind,
    Notification,
    Policy,
)
from moderation.notifications.mail import outbox, reasons
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.notifications.webhooks import events
from moderation.rules.outcomes import (
    STATUSES_HELD_BACK,
    VERDICTS_MAILED_AS_REFUSAL,
    VERDICTS_OPEN_TO_PUBLICATION,
)
from moderation.rules.verdicts import ConfirmEmail, Verdict

FIRST_REVISION = 1


class Decided(NamedTuple):
    """A decision, and its comment as it was before it."""

    decision: Decision
    comment: Comment

    @property
    def is_first(self) -> bool:
        """Whether nobody can have been told of an earlier one."""
        return self.decision.revision == FIRST_REVISION and not self.decision.overrides_id


def announce(
    pairs: Iterable[tuple[Decision, Comment]], *, undone: Iterable[UUID], now: datetime
) -> None:
    """Record what subscribers and authors are notified of.

    `undone` are the comments on which a decision was undone. Where its message was not sent yet,
    neither that nor another one is.
    """
    decided = [Decided(*pair) for pair in pairs]
    _notify_subscribers(decided, now=now)
    silent = _withdraw(decided, now=now) & set(undone)
    known = [one for one in decided if one.comment.author_id]
    prefetch_related_objects([one.comment for one in known], "author__subscriber", "site", "thread")
    policies = _policies(known)
    for one in known:
        if one.comment.pk not in silent and _is_notified(one, policies[one.comment.site]):
            _notify_author(one, now=now)
    _ask_to_confirm(known, policies, now=now)


def write_confirmation(comment: Comment, *, now: datetime) -> bool:
    """Enqueue a message that asks an author to confirm the address; False during the cooldown.

    It has none of the author's words: nobody can have us deliver a message to a stranger.
    """
    to = address_of(comment.author)
    if comment.author is None or not to:
        return False
    since = comment.author.verified_at
    if not outbox.may_write(MailKind.CONFIRM, to=to, site=comment.site, now=now, since=since):
        return False
    subscriber = Subscriber.objects.filter(author=comment.author, confirmed_at=None)
    context = {
        "link": signed_links.confirmation_url(comment.author),
        "wants_mail": subscriber.exists(),
    }
    outbox.enqueue(_email(MailKind.CONFIRM, comment, to, context), now=now)
    return True


def address_of(author: Author | None) -> str:
    """Return an author's address; "" where there is none, or no key decrypts it any more."""
    try:
        return email_addresses.decrypt(author.email_encrypted) if author else ""
    except InvalidToken:
        return ""


def _notify_subscribers(decided: Sequence[Decided], *, now: datetime) -> None:
    """Notify subscribers once of what is public now, and not any more of what is not."""
    public = [one for one in decided if one.decision.verdict == Verdict.APPROVE]
    again = [one for one in decided if not one.is_first]
    hidden = [one.comment.pk for one in again if one.decision.verdict != Verdict.APPROVE]
    Notification.objects.filter(comment__in=hidden, notified_at=None).delete()
    subscriptions = list(Subscription.objects.about(one.comment for one in public))
    notifications = [
        Notification(
            subscriber_id=subscription.subscriber_id,
            subscription=subscription,
            comment=comment,
            due_at=now + events.undo_window(decision.source),
        )
        for decision, comment in public
        for subscription in subscriptions
        if subscription.covers(comment)
    ]
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)


def _withdraw(decided: Iterable[Decided], *, now: datetime) -> set[UUID]:
    """Delete messages about earlier decisions that were not attempted; return of which comments."""
    ids = [one.comment.pk for one in decided if not one.is_first]
    unsent = Mail.objects.withdrawable(now).filter(comment__in=ids, kind=MailKind.DECISION)
    withdrawn = {pk for pk in unsent.values_list("comment", flat=True) if pk}
    unsent.delete()
    return withdrawn


def _policies(decided: Iterable[Decided]) -> dict[Site, Policy]:
    """Return the policies of sites: where one was judged by just now, that is at hand."""
    policies: dict[Site, Policy] = {}
    for decision, comment in decided:
        if comment.site not in policies:
            judged_by = decision.policy if decision.source == DecisionSource.AUTOMATION else None
            policies[comment.site] = judged_by or Policy.objects.current(comment.site)
    return policies


def _is_notified(one: Decided, policy: Policy) -> bool:
    """Tell whether the author gets mail: of a moderator's decision, or of any refusal.

    The address must be verified; and the site notifies all authors, or this one subscribed.
    """
    decision, comment = one
    was_waiting = comment.status in STATUSES_HELD_BACK
    is_published = (
        decision.verdict == Verdict.APPROVE and decision.source == DecisionSource.MODERATOR
    )
    is_refused = (
        decision.verdict in VERDICTS_MAILED_AS_REFUSAL and decision.source != DecisionSource.AUTHOR
    )
    if not (is_published and was_waiting) and not is_refused:
        return False
    return comment.author_verified and (policy.tell_authors or _has_subscribed(comment))


def _has_subscribed(comment: Comment) -> bool:
    subscriber = _subscriber(comment)
    return subscriber is not None and subscriber.confirmed_at is not None


def _notify_author(one: Decided, *, now: datetime) -> None:
    decision, comment = one
    to = address_of(comment.author)
    if not to or _would_flood(comment, to, now=now):
        return
    context = {
        "is_published": decision.verdict == Verdict.APPROVE,
        "is_appealable": decision.verdict == Verdict.REJECT,
        "was_automatic": decision.source == DecisionSource.AUTOMATION,
        "link": signed_links.status_url(comment),
        "comment": comment,
        "why": reasons.for_author_lazily(decision),
    }
    email = _email(MailKind.DECISION, comment, to, context)
    outbox.enqueue(replace(email, delay=events.undo_window(decision.source)), now=now)


def _would_flood(comment: Comment, to: str, *, now: datetime) -> bool:
    """Tell whether a message would be one too many, as when a ban refuses all of an author's work.

    An author who was notified of a decision is always notified when that changes.
    """
    enough = outbox.has_enough(MailKind.DECISION, to=to, site=comment.site, now=now)
    return enough and not comment.mails.filter(kind=MailKind.DECISION).exists()


def _ask_to_confirm(
    known: Iterable[Decided], policies: Mapping[Any, Policy], *, now: datetime
) -> None:
    """Ask the authors of comments that may become public to confirm the address, once each."""
    unconfirmed = {
        one.comment.pk: one.comment
        for one in known
        if one.decision.verdict in VERDICTS_OPEN_TO_PUBLICATION
        and _needs_confirming(one.comment, policies)
    }
    sent = Mail.objects.filter(comment__in=unconfirmed, kind=MailKind.CONFIRM)
    for pk in unconfirmed.keys() - set(sent.values_list("comment", flat=True)):
        write_confirmation(unconfirmed[pk], now=now)


def _needs_confirming(comment: Comment, policies: Mapping[Any, Policy]) -> bool:
    """Tell whether the policy, or the author's subscription, needs a confirmed address."""
    if comment.author_verified or comment.author is None:
        return False
    subscriber = _subscriber(comment)
    wants_mail = subscriber is not None and subscriber.confirmed_at is None
    mode = policies[comment.site].confirm_email
    # What holds a comment is whether this writer has proved it; for trust, the mail comes once.
    asks_for_it = mode == ConfirmEmail.FIRST or (
        mode == ConfirmEmail.TRUST and comment.author.verified_at is None
    )
    return wants_mail or (asks_for_it and "form" in comment.intake)


def _subscriber(comment: Comment) -> Subscriber | None:
    return getattr(comment.author, "subscriber", None)


def _email(kind: MailKind, comment: Comment, to: str, context: dict[str, Any]) -> OutgoingEmail:
    return OutgoingEmail(
        kind=kind,
        to=to,
        language=comment.page_language or settings.LANGUAGE_CODE,
        site=comment.site,
        comment=comment,
        context={"thread": comment.thread, **context},
    )
