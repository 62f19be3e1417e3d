"""Who may post on a page now: closed, paused, members alone, slow mode."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Thread
from comments.privacy import email_addresses
from moderation.intake.refusals import MembersOnly, Paused, SubmissionRefused, ThreadClosed, TooSoon
from moderation.models import Policy, SectionRules, policy_cache
from moderation.models.section_rules import policy_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRules:
    """Who may post on a page. `refusal` is why nobody may, in the reader's language."""

    refusal: SubmissionRefused | None = None
    members_only: bool = False
    slow_seconds: int = 0

    @property
    def is_closed(self) -> bool:
        """Return whether nobody may post."""
        return self.refusal is not None

    @property
    def message(self) -> str:
        """Return what stands in place of the form for who may not post; "" where all may."""
        refusal = self.refusal or (members_alone() if self.members_only else None)
        return str(refusal) if refusal else ""

    def require(self, *, signed_on: bool) -> None:
        """Raise SubmissionRefused for a reader who may not post here."""
        if self.refusal:
            raise self.refusal
        if self.members_only and not signed_on:
            raise members_alone()


def policy_on(thread: Thread, *, revision: int, has_sections: bool, claimed: str = "") -> Policy:
    """Return a revision of a site's policy as it is on a page, without lists of words.

    The page may be unsaved. `claimed` is where a reader's browser says that it is.
    """
    policy = policy_cache.without_words(thread.site, revision)
    sections = SectionRules.objects.filter(site=thread.site) if has_sections else ()
    return policy_at(policy, thread, sections, claimed=claimed)


def rules_under(policy: Policy, thread: Thread, *, now: datetime) -> PostingRules:
    """Return who may post on a page, under the policy that its site has there."""
    return PostingRules(
        refusal=_refusal(policy, thread, now=now),
        members_only=policy.members_only,
        slow_seconds=policy.slow_seconds,
    )


def _refusal(policy: Policy, thread: Thread, *, now: datetime) -> SubmissionRefused | None:
    if _is_closed(policy, thread, now=now):
        return ThreadClosed(_("This page takes no more replies."))
    if policy.paused:
        return Paused(policy.pause_message or _("Replies are paused for now."))
    return None


def _is_closed(policy: Policy, thread: Thread, *, now: datetime) -> bool:
    """Tell whether a thread is closed, by hand or by age."""
    if thread.closed_at and thread.closed_at <= now:
        return True
    days = policy.close_after_days
    return days is not None and now - thread.created_at > timedelta(days=days)


def members_alone() -> MembersOnly:
    """Return the refusal of a reader whom the site has not signed on."""
    return MembersOnly(_("Only readers who are signed in can reply here."))


def require_pause(
    rules: PostingRules,
    thread: Thread,
    *,
    author: Author | None,
    address: str,
    signed_on: bool,
    now: datetime,
) -> None:
    """Raise TooSoon for who wrote here less than `slow_seconds` ago.

    Anybody can type anybody's address, so readers who are not signed on are known by their IP
    address as well. The thread stays locked until the comment is stored, so that of two at the same
    instant the second one sees the first.
    """
    if not rules.slow_seconds:
        return
    Thread.objects.select_for_update().filter(pk=thread.pk).values_list("pk", flat=True).first()
    since = now - timedelta(seconds=rules.slow_seconds)
    writer = Q(author=author) if author else Q(pk=None)
    digest = email_addresses.address_digest(address)
    if digest and not signed_on:
        writer |= Q(address_digest=digest)
    own = Comment.objects.filter(writer, thread=thread, created_at__gt=since)
    latest = own.order_by("-created_at").values_list("created_at", flat=True).first()
    if latest is not None:
        wait = rules.slow_seconds - int((now - latest).total_seconds())
        raise TooSoon(retry_after=max(1, wait))
