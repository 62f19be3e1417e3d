"""The queue mode: a person of ours looks at what the rules hold, and the plugin is told later."""

from datetime import datetime

from django.db import transaction

from comments.models import Comment, SiteKey, Status
from comments.privacy import email_addresses
from moderation.intake import receive
from moderation.intake.akismet.request import CheckRequest, CheckResult
from moderation.models import AkismetCheck, AkismetUsage, DeliveryState
from moderation.rules.outcomes import STATUSES_WAITING

# So many seconds a plugin may wait for a person; WordPress decides on its own after twice as many.
RECHECK_SECONDS = 7 * 86_400


def earlier(asked: CheckRequest, *, key: SiteKey) -> AkismetCheck | None:
    """Return the last check of the same comment."""
    checks = AkismetCheck.objects.filter(key=key, fingerprint=asked.fingerprint)
    return checks.select_related("comment__site").order_by("-id").first()


@transaction.atomic
def ask(asked: CheckRequest, *, key: SiteKey, secret: str, now: datetime) -> CheckResult | None:
    """Put a comment into our queue, and promise to tell what a person says.

    Returns None when the queue can't take it, since its page is closed here.
    """
    submission = receive.Submission(
        page=receive.PageReference(
            key=asked.permalink or asked.blog, url=asked.permalink or asked.blog
        ),
        body=asked.text,
        author_name=asked.author_name[:100],
        author_email=asked.author_email,
        author_url=asked.author_url[:500],
        address=asked.author_address,
        user_agent=asked.user_agent,
        intake={"vouched_by": str(key.pk)},
    )
    try:
        received = receive.receive(submission, site=key.site, now=now, limited=False)
    except receive.SubmissionRefused:
        return None
    return _promise(asked, received.comment, key=key, secret=secret, now=now)


@transaction.atomic
def ask_again(
    asked: CheckRequest, *, key: SiteKey, secret: str, now: datetime
) -> CheckResult | None:
    """Answer a plugin that asks once more about what it had queued: None if it had not.

    The promise moves to the new check: the plugin knows the comment by the newest id.
    """
    before = earlier(asked, key=key)
    if before is None or before.comment is None:
        return None
    AkismetCheck.objects.filter(pk=before.pk).cancel()
    if before.comment.status in STATUSES_WAITING:
        return _promise(asked, before.comment, key=key, secret=secret, now=now)
    kept = AkismetCheck.objects.create(
        key=key,
        fingerprint=asked.fingerprint,
        is_spam=before.comment.status != Status.APPROVED,
        created_at=now,
        comment=before.comment,
    )
    return CheckResult(kept.is_spam, kept.pk)


def _promise(
    asked: CheckRequest, comment: Comment, *, key: SiteKey, secret: str, now: datetime
) -> CheckResult:
    kept = AkismetCheck.objects.create(
        key=key,
        fingerprint=asked.fingerprint,
        is_spam=False,
        created_at=now,
        comment=comment,
        callback=asked.callback[:2000],
        callback_key=email_addresses.encrypt(secret),
        state=DeliveryState.WAITING,
        post_id=asked.post_id[:32],
        next_attempt_at=now,
    )
    AkismetUsage.add(key, asked.host, day=now.date(), ham=1)
    return CheckResult(False, kept.pk, recheck_after=RECHECK_SECONDS)
