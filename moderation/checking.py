"""Checking for Akismet-compatible plugins: is it spam, and was it really?

A site's plugin asks about a comment that the site keeps itself. In *check* mode it is answered and
forgotten but for a fingerprint. In *queue* mode what the rules would hold is put into our queue,
and the person's verdict is told to the site later (`moderation.callbacks`).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from comments import privacy
from comments.models import AkismetMode, Comment, SiteKey
from comments.models.comment import text_digest
from moderation import intake, labelling, screening
from moderation.models import AkismetCheck, AkismetUsage, LabelSource
from moderation.models.akismet import CallbackState
from moderation.proposals import Refused
from moderation.screening import Draft, Preview
from moderation.verdicts import Category, Verdict

# The names by which a plugin's author tries whether spam is found; part of the protocol.
GUARANTEED_NAME, GUARANTEED_EMAIL = "akismet-guaranteed-spam", "akismet-guaranteed-spam@example.com"
REFUSING = (Verdict.SPAM, Verdict.REJECT)
# So many seconds a plugin may wait for a person before it decides on its own.
RECHECK_SECONDS = 86_400
# A calibrated probability of spam at which one in a hundred would be an honest comment.
BLATANT = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A comment that a plugin asks about; `callback` is where it wants to hear more later."""

    blog: str
    text: str
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    author_address: str = ""
    user_agent: str = ""
    permalink: str = ""
    title: str = ""
    decoy_filled: bool = False
    is_administrator: bool = False
    is_test: bool = False
    callback: str = ""
    post_id: str = ""

    @property
    def host(self) -> str:
        """The host of the website."""
        return host_of(self.blog)

    @property
    def fingerprint(self) -> str:
        """By what a later call about the same comment is recognised; it tells nothing of it."""
        marks = [
            self.host,
            self.permalink,
            self.author_name,
            privacy.normalise_email(self.author_email),
            self.author_address,
            text_digest(self.text),
        ]
        return hashlib.sha256(json.dumps(marks).encode()).hexdigest()


class Answered(NamedTuple):
    """What a plugin is told: spam or not, whether blatantly, and after how long to ask again."""

    is_spam: bool
    guid: UUID
    discard: bool = False
    recheck_after: int | None = None


def check(asked: Asked, *, key: SiteKey, secret: str, now: datetime) -> Answered:
    """Say whether a comment is spam by the site's rules.

    What the rules call spam or reject is; of what they hold, that which is held for its spam score.
    """
    is_guaranteed = asked.author_name == GUARANTEED_NAME or asked.author_email == GUARANTEED_EMAIL
    if is_guaranteed or asked.is_administrator:
        return _remember(asked, key, is_spam=is_guaranteed, discard=is_guaranteed, now=now)
    (preview,) = screening.preview([_draft(asked)], site=key.site, now=now)
    verdict = preview.judgement.verdict
    if verdict is Verdict.HOLD and key.akismet_mode == AkismetMode.QUEUE and not asked.is_test:
        return _queue(asked, key, secret, now=now)
    is_spam = verdict in REFUSING or _is_held_as_spam(preview)
    discard = verdict is Verdict.SPAM and _is_blatant(preview)
    return _remember(asked, key, is_spam=is_spam, discard=discard, now=now)


@transaction.atomic
def correct(asked: Asked, *, key: SiteKey, is_spam: bool, now: datetime) -> None:
    """Take a person's word on a comment: it becomes a label, and a decision where we hold it."""
    labels = {Category.SPAM.value: is_spam}
    told = labelling.Labelled(
        text=asked.text,
        labels=labels,
        author_name=asked.author_name,
        author_url=asked.author_url,
    )
    earlier = (
        AkismetCheck.objects.filter(key=key, fingerprint=asked.fingerprint)
        .select_related("comment__site")
        .order_by("-id")
        .first()
    )
    if asked.text and not asked.is_test:
        labelling.label([told], site=key.site, now=now, source=LabelSource.FEEDBACK)
    if earlier is None or earlier.is_spam == is_spam:
        return
    AkismetCheck.objects.filter(pk=earlier.pk).update(
        is_spam=is_spam, callback_state=CallbackState.NONE
    )
    wrong = "missed_spam" if is_spam else "false_positives"
    AkismetUsage.add(key, asked.host, day=now.date(), **{wrong: 1})
    if earlier.comment:
        _follow(earlier.comment, is_spam=is_spam, now=now)


def host_of(url: str) -> str:
    """Return the host of an address, lower case; "" for what is none."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return (parts.hostname or "").lower()
    except ValueError:
        return ""


def _draft(asked: Asked) -> Draft:
    return Draft(
        text=asked.text,
        author_name=asked.author_name,
        author_email=asked.author_email,
        author_url=asked.author_url,
        author_address=asked.author_address,
        decoy_filled=asked.decoy_filled,
    )


def _is_held_as_spam(preview: Preview) -> bool:
    return any(ground.category == Category.SPAM for ground in preview.judgement.grounds)


def _is_blatant(preview: Preview) -> bool:
    """Nobody needs to look at what a machine gave away, or at what scores as high as can be."""
    return preview.scores.get(Category.SPAM, 0.0) >= BLATANT or any(
        finding.check_name == "honeypot" for finding in preview.findings
    )


def _remember(
    asked: Asked, key: SiteKey, *, is_spam: bool, discard: bool, now: datetime
) -> Answered:
    kept = AkismetCheck(key=key, fingerprint=asked.fingerprint, is_spam=is_spam, created_at=now)
    if not asked.is_test:
        kept.save(force_insert=True)
        AkismetUsage.add(key, asked.host, day=now.date(), **{"spam" if is_spam else "ham": 1})
    return Answered(is_spam, kept.pk, discard)


@transaction.atomic
def _queue(asked: Asked, key: SiteKey, secret: str, *, now: datetime) -> Answered:
    """Put the comment into our queue, and promise to tell what a person says."""
    submission = intake.Submission(
        page=intake.Page(
            key=asked.permalink or asked.blog, url=asked.permalink or asked.blog, title=asked.title
        ),
        body=asked.text,
        author_name=asked.author_name[:100],
        author_email=asked.author_email,
        author_url=asked.author_url[:500],
        address=asked.author_address,
        user_agent=asked.user_agent,
        intake={"vouched_by": str(key.pk)},
    )
    received = intake.receive(submission, site=key.site, now=now, limited=False)
    # No other host may be asked to listen: the address came with the comment.
    promises = host_of(asked.callback) == asked.host != ""
    kept = AkismetCheck.objects.create(
        key=key,
        fingerprint=asked.fingerprint,
        is_spam=False,
        created_at=now,
        comment=received.comment,
        callback=asked.callback[:2000] if promises else "",
        callback_key=privacy.encrypt(secret) if promises else "",
        callback_state=CallbackState.WAITING if promises else CallbackState.NONE,
        post_id=asked.post_id[:32],
        next_attempt_at=now,
    )
    AkismetUsage.add(key, asked.host, day=now.date(), ham=1)
    return Answered(False, kept.pk, recheck_after=RECHECK_SECONDS)


def _follow(comment: Comment, *, is_spam: bool, now: datetime) -> None:
    """Decide as the site's own moderator did, unless one of ours has decided."""
    try:
        intake.rule(comment, Verdict.SPAM if is_spam else Verdict.APPROVE, now=now)
    except Refused:
        return
