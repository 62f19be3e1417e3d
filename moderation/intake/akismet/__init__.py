"""Checking for Akismet-compatible plugins: is it spam, and was it really?

A site's plugin asks about a comment that the site keeps itself. In *check* mode it is answered and
forgotten but for a fingerprint. In *queue* mode what the rules would hold is put into our queue,
and the person's verdict is told to the site later (`moderation.intake.akismet.callbacks`).
A *shadow* key is answered like any other, and what was said is kept beside what the site's present
service said (`moderation.screening.shadow_comparison`).
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from comments.models import Comment, KeyMode, Site, SiteKey
from comments.models.comment import text_digest
from moderation.decisions.proposals import DecisionRefused
from moderation.intake import receive
from moderation.intake.akismet import queue_mode
from moderation.intake.akismet.request import CheckRequest, CheckResult, host_of
from moderation.models import AkismetCheck, AkismetUsage, ContentFingerprint, LabelSource
from moderation.rules.outcomes import VERDICTS_REFUSING
from moderation.rules.verdicts import Category, Reason, Verdict
from moderation.screening import (
    classifier,
    shadow_comparison,
)
from moderation.screening import (
    labels as labelling,
)
from moderation.screening import (
    preview as previewing,
)
from moderation.screening.checks.duplicates import is_telling
from moderation.screening.preview import Draft, Preview
from moderation.screening.shadow_comparison import ComparedScore

__all__ = ["CheckRequest", "CheckResult", "check", "correct", "host_of"]

# The names by which a plugin's author tries whether spam is found; part of the protocol.
GUARANTEED_NAME, GUARANTEED_EMAIL = "akismet-guaranteed-spam", "akismet-guaranteed-spam@example.com"
# Of what the rules hold, that for which a plugin has a name: it looks like spam.
SPAM_LIKE = frozenset({Reason.TOO_MANY_LINKS, Reason.REPEATED, Reason.HELD_WORD})


def check(asked: CheckRequest, *, key: SiteKey, secret: str, now: datetime) -> CheckResult:
    """Say whether a comment is spam by the site's rules.

    What the rules call spam or reject is; of what they hold, that which looks like spam. Raises
    ClassifierAway where nobody can say, for the site to hold the comment.
    """
    is_guaranteed = asked.author_name == GUARANTEED_NAME or asked.author_email == GUARANTEED_EMAIL
    if is_guaranteed or asked.is_administrator:
        return _remember(asked, key, is_spam=is_guaranteed, discard=is_guaranteed, now=now)
    queues = key.mode == KeyMode.QUEUE and asked.may_be_called_back
    queues = queues and not asked.is_test
    if queues and (answered := queue_mode.ask_again(asked, key=key, secret=secret, now=now)):
        return answered
    (preview,) = previewing.preview([_draft(asked)], site=key.site, now=now)
    if queues and preview.judgement.verdict is Verdict.HOLD:
        queued = queue_mode.ask(asked, key=key, secret=secret, now=now)
        if queued:
            return queued
    return _answer(asked, preview, key=key, now=now)


@transaction.atomic
def correct(asked: CheckRequest, *, key: SiteKey, is_spam: bool, now: datetime) -> None:
    """Take a person's word on a comment: it becomes a label, and a decision where we hold it."""
    labels = {Category.SPAM.value: is_spam}
    told = labelling.LabelledText(
        text=asked.text,
        labels=labels,
        author_name=asked.author_name,
        author_url=asked.author_url,
    )
    earlier = queue_mode.earlier(asked, key=key)
    if asked.text and not asked.is_test:
        labelling.label([told], site=key.site, now=now, source=LabelSource.FEEDBACK)
    if earlier is None or earlier.is_spam == is_spam:
        return
    AkismetCheck.objects.filter(pk=earlier.pk).cancel(is_spam=is_spam)
    wrong = "missed_spam" if is_spam else "false_positives"
    AkismetUsage.add(key, asked.host, day=now.date(), **{wrong: 1})
    if earlier.comment:
        _follow(earlier.comment, is_spam=is_spam, now=now)


def _answer(asked: CheckRequest, preview: Preview, *, key: SiteKey, now: datetime) -> CheckResult:
    verdict, grounds = preview.judgement
    is_spam = verdict in VERDICTS_REFUSING or any(
        ground.category == Category.SPAM or ground.reason in SPAM_LIKE for ground in grounds
    )
    if not is_spam and any(ground.reason == Reason.CLASSIFIER_AWAY for ground in grounds):
        raise classifier.ClassifierAway("there is no classifier to ask")
    if key.mode == KeyMode.SHADOW and not asked.is_test:
        said = ComparedScore(
            category=Category.SPAM,
            text_digest=text_digest(asked.text),
            score=preview.scores.get(Category.SPAM),
            ours=is_spam,
            theirs=asked.answered,
        )
        shadow_comparison.record([said], key=key, now=now)
    discard = verdict is Verdict.SPAM and _is_blatant(preview)
    return _remember(asked, key, is_spam=is_spam, discard=discard, now=now)


def _draft(asked: CheckRequest) -> Draft:
    return Draft(
        text=asked.text,
        author_name=asked.author_name,
        author_email=asked.author_email,
        author_url=asked.author_url,
        author_address=asked.author_address,
        decoy_filled=asked.decoy_filled,
        source_digest=asked.fingerprint,
    )


def _is_blatant(preview: Preview) -> bool:
    """Nobody needs to look at what a machine gave away, or at what scores as high as can be."""
    score = preview.scores.get(Category.SPAM, 0.0)
    return score >= settings.AKISMET_DISCARD_AT or any(
        finding.reason == Reason.DECOY_FILLED for finding in preview.findings
    )


@transaction.atomic
def _remember(
    asked: CheckRequest, key: SiteKey, *, is_spam: bool, discard: bool, now: datetime
) -> CheckResult:
    kept = AkismetCheck(key=key, fingerprint=asked.fingerprint, is_spam=is_spam, created_at=now)
    if not asked.is_test:
        kept.save(force_insert=True)
        _note(asked, key.site, now=now)
        AkismetUsage.add(key, asked.host, day=now.date(), **{"spam" if is_spam else "ham": 1})
    return CheckResult(is_spam, kept.pk, discard)


def _note(asked: CheckRequest, site: Site, *, now: datetime) -> None:
    if is_telling(asked.text):
        digest = text_digest(asked.text)
        ContentFingerprint.objects.note(
            site, text_digest=digest, source_digest=asked.fingerprint, now=now
        )


def _follow(comment: Comment, *, is_spam: bool, now: datetime) -> None:
    """Decide as the site's own moderator did, unless one of ours has decided."""
    try:
        receive.rule(comment, Verdict.SPAM if is_spam else Verdict.APPROVE, now=now)
    except DecisionRefused:
        return
