"""Queue mode: a comment that the rules hold enters our queue; the verdict is called back later."""

from datetime import datetime

from django.db import transaction

from comments.formats import markup
from comments.models import Comment, SiteKey, Status
from comments.privacy import email_addresses, names
from comments.threads.threads import PageReference
from moderation.intake import receive, refusals
from moderation.intake.akismet.request import CheckRequest, CheckResult
from moderation.intake.submission import Submission
from moderation.models import AkismetCheck, AkismetUsage
from moderation.models.deliverable import DeliveryState
from moderation.rules.outcomes import STATUSES_WAITING

# Seconds after which a client checks again; WordPress decides on its own after twice as many.
RECHECK_SECONDS = 7 * 86_400


def last_check(request: CheckRequest, *, key: SiteKey) -> AkismetCheck | None:
    """Return the last check of the same comment, known by its fingerprint."""
    checks = AkismetCheck.objects.filter(key=key, fingerprint=request.fingerprint)
    return checks.select_related("comment__site").order_by("-id").first()


@transaction.atomic
def enqueue(
    request: CheckRequest, *, key: SiteKey, secret: str, now: datetime
) -> CheckResult | None:
    """Store a comment for review, and schedule a callback with the moderator's verdict.

    Returns None when it is refused, since its thread is closed here.
    """
    submission = Submission(
        page=PageReference(
            key=request.permalink or request.blog, url=request.permalink or request.blog
        ),
        body=markup.from_html(request.text, newlines=True),
        author_name=names.public_name(request.author_name, email=request.author_email)[:100],
        author_email=request.author_email,
        author_url=request.author_url[:500],
        address=request.author_address,
        user_agent=request.user_agent,
        intake={"vouched_by": str(key.pk)},
    )
    try:
        comment = receive.receive(submission, site=key.site, now=now, limited=False)
    except refusals.SubmissionRefused:
        return None
    return _schedule_callback(request, comment, key=key, secret=secret, now=now)


@transaction.atomic
def recheck(
    request: CheckRequest, *, key: SiteKey, secret: str, now: datetime
) -> CheckResult | None:
    """Return the state of a comment that is checked again; None when it never was in our queue.

    The callback moves to the new check, since the client knows the comment by the newest id.
    """
    previous = last_check(request, key=key)
    if previous is None or previous.comment is None:
        return None
    AkismetCheck.objects.filter(pk=previous.pk).cancel()
    if previous.comment.status in STATUSES_WAITING:
        return _schedule_callback(request, previous.comment, key=key, secret=secret, now=now)
    check = AkismetCheck.objects.create(
        key=key,
        fingerprint=request.fingerprint,
        is_spam=previous.comment.status != Status.APPROVED,
        created_at=now,
        comment=previous.comment,
    )
    return CheckResult(check.is_spam, check.pk)


def _schedule_callback(
    request: CheckRequest, comment: Comment, *, key: SiteKey, secret: str, now: datetime
) -> CheckResult:
    check = AkismetCheck.objects.create(
        key=key,
        fingerprint=request.fingerprint,
        is_spam=False,
        created_at=now,
        comment=comment,
        callback=request.callback[:2000],
        callback_key=email_addresses.encrypt(secret),
        state=DeliveryState.WAITING,
        post_id=request.post_id[:32],
        next_attempt_at=now,
    )
    AkismetUsage.add(key, request.host, day=now.date(), ham=1)
    return CheckResult(False, check.pk, recheck_after=RECHECK_SECONDS)
