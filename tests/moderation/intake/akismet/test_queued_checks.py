"""Queue mode of the Akismet protocol: what an enqueued check stores, and what a recheck returns."""

from dataclasses import replace

import pytest

from comments.accounts import api_keys
from comments.models import Comment, KeyMode, Site, SiteKey, Status
from comments.privacy import email_addresses
from moderation.intake.akismet import queue_mode
from moderation.intake.akismet.request import CheckRequest, CheckResult
from moderation.models import AkismetCheck, AkismetUsage
from moderation.models.deliverable import DeliveryState
from tests.factories import NOW
from tests.moderation.web.dialects.akismet.plugin import BLOG

pytestmark = pytest.mark.django_db
SECRET = "lar_secret"
REQUEST = CheckRequest(
    blog=BLOG,
    permalink=f"{BLOG}/article",
    text="You idiot",
    author_name="n" * 101,
    author_email="ann@mail.example",
    author_url=f"https://ann.example/{'u' * 500}",
    author_address="198.51.100.7",
    user_agent="A browser",
    callback=f"{BLOG}/hook?{'c' * 2000}",
    post_id="7" * 33,
)


@pytest.fixture
def key(site: Site) -> SiteKey:
    return api_keys.issue(site, scopes=["akismet"], name="Blog", now=NOW, mode=KeyMode.QUEUE).key


def enqueue(key: SiteKey, **changes: str) -> CheckResult | None:
    return queue_mode.enqueue(replace(REQUEST, **changes), key=key, secret=SECRET, now=NOW)


def test_a_queued_comment_stores_what_the_client_sent(key: SiteKey) -> None:
    enqueue(key)
    stored = Comment.objects.get()
    assert (stored.site, stored.body, stored.created_at) == (key.site, "You idiot", NOW)
    assert (stored.thread.url, stored.author_name) == (f"{BLOG}/article", "n" * 100)
    assert stored.author_url == REQUEST.author_url[:500]
    assert stored.author is not None
    assert stored.author.email_digest == email_addresses.email_digest("ann@mail.example")
    assert stored.address_digest == email_addresses.address_digest("198.51.100.7")
    assert (stored.user_agent, stored.intake["vouched_by"]) == ("A browser", str(key.pk))


def test_a_comment_without_a_permalink_is_for_the_website(key: SiteKey) -> None:
    enqueue(key, permalink="")
    assert Comment.objects.get().thread.url.rstrip("/") == BLOG


def test_a_queued_check_stores_the_callback_and_the_encrypted_key(key: SiteKey) -> None:
    result = enqueue(key)
    check = AkismetCheck.objects.get()
    assert result == CheckResult(False, check.pk, False, queue_mode.RECHECK_SECONDS)
    assert (check.key, check.comment, check.is_spam) == (key, Comment.objects.get(), False)
    assert (check.fingerprint, check.created_at) == (REQUEST.fingerprint, NOW)
    assert (check.callback, check.post_id) == (REQUEST.callback[:2000], "7" * 32)
    assert SECRET not in check.callback_key
    assert email_addresses.decrypt(check.callback_key) == SECRET
    assert (check.state, check.next_attempt_at) == (DeliveryState.WAITING, NOW)


def test_a_queued_check_counts_as_ham(key: SiteKey) -> None:
    enqueue(key)
    used = AkismetUsage.objects.get()
    assert (used.key, used.host, used.day) == (key, "gazette.example", NOW.date())
    assert (used.ham, used.spam) == (1, 0)


def test_the_quotas_of_an_address_do_not_limit_the_checks_of_a_server(key: SiteKey) -> None:
    for n in range(30):
        assert enqueue(key, text=f"You idiot number {n}")


def test_the_last_check_of_a_comment_is_that_of_the_same_key(key: SiteKey, site: Site) -> None:
    enqueue(key)
    enqueue(key)
    latest = AkismetCheck.objects.latest("pk")
    assert queue_mode.last_check(REQUEST, key=key) == latest
    assert queue_mode.last_check(replace(REQUEST, text="Another"), key=key) is None
    other = api_keys.issue(site, scopes=["akismet"], name="Other", now=NOW).key
    assert queue_mode.last_check(REQUEST, key=other) is None


def recheck(key: SiteKey) -> CheckResult | None:
    return queue_mode.recheck(REQUEST, key=key, secret=SECRET, now=NOW)


def test_a_recheck_of_a_comment_that_was_never_queued_has_no_result(key: SiteKey) -> None:
    assert recheck(key) is None
    AkismetCheck.objects.create(
        key=key, fingerprint=REQUEST.fingerprint, is_spam=True, created_at=NOW
    )
    assert recheck(key) is None


def test_the_callback_moves_to_the_latest_check(key: SiteKey) -> None:
    enqueue(key)
    first = AkismetCheck.objects.get()
    assert recheck(key) is not None
    first.refresh_from_db()
    assert first.state != DeliveryState.WAITING
    latest = AkismetCheck.objects.exclude(pk=first.pk).get()
    assert (latest.comment, latest.state) == (first.comment, DeliveryState.WAITING)
    assert email_addresses.decrypt(latest.callback_key) == SECRET
    assert latest.next_attempt_at == NOW


@pytest.mark.parametrize(
    ("status", "is_spam"),
    [(Status.APPROVED, False), (Status.SPAM, True), (Status.REJECTED, True)],
)
def test_a_recheck_after_the_decision_stores_and_returns_the_verdict(
    key: SiteKey, status: Status, is_spam: bool
) -> None:
    enqueue(key)
    Comment.objects.update(status=status)
    result = recheck(key)
    latest = AkismetCheck.objects.latest("pk")
    assert result == CheckResult(is_spam, latest.pk)
    assert (latest.key, latest.fingerprint) == (key, REQUEST.fingerprint)
    assert (latest.is_spam, latest.created_at) == (is_spam, NOW)
    assert latest.comment == Comment.objects.get()
    assert not AkismetCheck.objects.filter(state=DeliveryState.WAITING).exists()
