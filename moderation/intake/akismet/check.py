"""Check comments for spam on behalf of Akismet clients, and record their feedback."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from comments.models import Comment, KeyMode, Site, SiteKey
from comments.models.comment import text_digest
from comments.text import readable
from moderation.decisions.proposals import DecisionRefused
from moderation.intake import changes
from moderation.intake.akismet import queue_mode
from moderation.intake.akismet.request import CheckRequest, CheckResult
from moderation.models import AkismetCheck, AkismetUsage, ContentFingerprint
from moderation.rules.outcomes import VERDICTS_REFUSING
from moderation.rules.verdicts import Category, Reason, Verdict
from moderation.screening import classifier, shadow_comparison
from moderation.screening.checks.duplicates import is_distinctive
from moderation.screening.labels import LabelledText, store_labels
from moderation.screening.preview import Draft, Preview, preview_drafts
from moderation.screening.shadow_comparison import ComparedScore

# The author's name and email address that always give spam: test data of the Akismet protocol.
GUARANTEED_NAME, GUARANTEED_EMAIL = "akismet-guaranteed-spam", "akismet-guaranteed-spam@example.com"
# Reasons for which a held comment is reported as spam: the protocol has no "hold".
SPAM_LIKE = frozenset(
    {Reason.DECOY_FILLED, Reason.TOO_MANY_LINKS, Reason.REPEATED, Reason.HELD_WORD}
)


def check(request: CheckRequest, *, key: SiteKey, secret: str, now: datetime) -> CheckResult:
    """Return whether a comment is spam by the site's rules.

    It is when the rules refuse it, or hold it for a reason that looks like spam. Raises
    ClassifierAway where the rules would hold it for want of a classifier: the site then holds it.
    """
    is_test_data = (
        request.author_name == GUARANTEED_NAME or request.author_email == GUARANTEED_EMAIL
    )
    if is_test_data or request.is_administrator:
        return _record(request, key, is_spam=is_test_data, discard=is_test_data, now=now)
    queues = key.mode == KeyMode.QUEUE and request.is_callback_allowed and not request.is_test
    if queues and (result := queue_mode.recheck(request, key=key, secret=secret, now=now)):
        return result
    # Clients wait for the answer, and ask about spam.
    with classifier.words_alone():
        (preview,) = preview_drafts([_draft(request)], site=key.site, now=now)
    if queues and preview.judgement.verdict is Verdict.HOLD:
        result = queue_mode.enqueue(request, key=key, secret=secret, now=now)
        if result:
            return result
    return _result(request, preview, key=key, now=now)


@transaction.atomic
def record_feedback(request: CheckRequest, *, key: SiteKey, is_spam: bool, now: datetime) -> None:
    """Store a person's correction as a label, and decide about the comment if we stored it."""
    labelled = LabelledText(
        text=readable.of_html(readable.cleaned(request.text)),
        labels={Category.SPAM.value: is_spam},
        author_name=request.author_name,
        author_url=request.author_url,
    )
    last_check = queue_mode.last_check(request, key=key)
    # What an administrator writes is approved for who wrote it, and so teaches nothing.
    if request.text and not request.is_test and not request.is_administrator:
        store_labels([labelled], site=key.site, by=key, now=now)
    if last_check is None or last_check.is_spam == is_spam:
        return
    AkismetCheck.objects.filter(pk=last_check.pk).cancel(is_spam=is_spam)
    error = "missed_spam" if is_spam else "false_positives"
    AkismetUsage.add(key, request.host, day=now.date(), **{error: 1})
    if last_check.comment:
        _decide(last_check.comment, is_spam=is_spam, key=key, now=now)


def _result(request: CheckRequest, preview: Preview, *, key: SiteKey, now: datetime) -> CheckResult:
    verdict, reasons = preview.judgement
    is_spam = verdict in VERDICTS_REFUSING or any(
        reason.category == Category.SPAM or reason.reason in SPAM_LIKE for reason in reasons
    )
    if not is_spam and any(reason.reason == Reason.CLASSIFIER_AWAY for reason in reasons):
        raise classifier.ClassifierAway("there is no classifier to ask")
    if key.mode == KeyMode.SHADOW and not request.is_test:
        compared = ComparedScore(
            category=Category.SPAM,
            text_digest=text_digest(request.text),
            score=preview.scores.get(Category.SPAM),
            ours=is_spam,
            theirs=request.their_verdict,
        )
        shadow_comparison.record([compared], key=key, now=now)
    discard = verdict is Verdict.SPAM and _is_blatant(preview)
    return _record(request, key, is_spam=is_spam, discard=discard, now=now)


def _draft(request: CheckRequest) -> Draft:
    return Draft(
        text=request.text,
        html=readable.cleaned(request.text),
        author_name=request.author_name,
        author_email=request.author_email,
        author_url=request.author_url,
        author_address=request.author_address,
        decoy_filled=request.decoy_filled,
        fingerprint=request.fingerprint,
    )


def _is_blatant(preview: Preview) -> bool:
    """Return whether nobody need look at spam: with a filled decoy, or with a very high score."""
    score = preview.scores.get(Category.SPAM, 0.0)
    return score >= settings.AKISMET_DISCARD_AT or any(
        finding.reason == Reason.DECOY_FILLED for finding in preview.findings
    )


@transaction.atomic
def _record(
    request: CheckRequest, key: SiteKey, *, is_spam: bool, discard: bool, now: datetime
) -> CheckResult:
    stored = AkismetCheck(key=key, fingerprint=request.fingerprint, is_spam=is_spam, created_at=now)
    if not request.is_test:
        stored.save(force_insert=True)
        _record_fingerprint(request, key.site, now=now)
        AkismetUsage.add(key, request.host, day=now.date(), **{"spam" if is_spam else "ham": 1})
    return CheckResult(is_spam, stored.pk, discard)


def _record_fingerprint(request: CheckRequest, site: Site, *, now: datetime) -> None:
    if is_distinctive(request.text):
        digest = text_digest(request.text)
        ContentFingerprint.objects.note(
            site, text_digest=digest, source_digest=request.fingerprint, now=now
        )


def _decide(comment: Comment, *, is_spam: bool, key: SiteKey, now: datetime) -> None:
    """Decide as the site's own moderator did, unless one of ours has decided."""
    try:
        verdict = Verdict.SPAM if is_spam else Verdict.APPROVE
        changes.decide_for_site(comment, verdict, key=key, now=now)
    except DecisionRefused:
        return
