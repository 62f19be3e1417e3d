"""Checks for Akismet clients: the answer, what is stored of it, and feedback on it."""

from dataclasses import replace
from typing import Any

import pytest

from comments.accounts import api_keys
from comments.models import Comment, KeyMode, Scope, Site, SiteKey
from comments.models.comment import text_digest
from comments.text import readable
from moderation.intake.akismet import check
from moderation.intake.akismet.request import CheckRequest
from moderation.models import (
    AkismetCheck,
    AkismetUsage,
    Comparison,
    ContentFingerprint,
    Label,
)
from moderation.rules.verdicts import Category
from moderation.screening.classifier import ClassifierAway
from moderation.screening.preview import Draft
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECRET = "lar_secret"
NONE = {"spam": 0, "ham": 0, "missed_spam": 0, "false_positives": 0}
LONG = "A long and distinctive text about the new bridge over the river, and its many builders."


def key_of(site: Site, mode: KeyMode = KeyMode.CHECK) -> SiteKey:
    return api_keys.issue(site, scopes=[Scope.AKISMET], name="Blog", mode=mode, now=NOW).key


@pytest.fixture
def key(site: Site) -> SiteKey:
    return key_of(site)


def request(text: str = LONG, **changes: Any) -> CheckRequest:
    fields = {"author_name": "Ann", "author_url": "https://ann.example", **changes}
    return CheckRequest(blog="https://gazette.example", text=text, **fields)


def ask(key: SiteKey, text: str = LONG, **changes: Any):
    return check.check(request(text, **changes), key=key, secret=SECRET, now=NOW)


def usage(key: SiteKey) -> dict[str, int]:
    """Return the counters of today, which are spread over several rows."""
    rows = AkismetUsage.objects.filter(key=key, day=NOW.date(), host="gazette.example")
    return {name: sum(rows.values_list(name, flat=True)) for name in NONE}


# What is stored.


@pytest.mark.parametrize(
    ("text", "is_spam", "number"), [(LONG, False, "ham"), (f"{LONG} viagra", True, "spam")]
)
def test_a_check_stores_its_answer_and_counts_it(
    key: SiteKey, text: str, is_spam: bool, number: str
) -> None:
    result = ask(key, text)
    stored = AkismetCheck.objects.get()
    assert (result.guid, result.is_spam, result.recheck_after) == (stored.pk, is_spam, None)
    assert (stored.key, stored.is_spam, stored.created_at) == (key, is_spam, NOW)
    assert (stored.fingerprint, stored.comment) == (request(text).fingerprint, None)
    assert usage(key) == {**NONE, number: 1}


def test_of_a_distinctive_text_a_digest_is_stored(key: SiteKey) -> None:
    ask(key)
    ask(key, "Thanks!")
    seen = ContentFingerprint.objects.get()
    assert (seen.site, seen.text_digest) == (key.site, text_digest(LONG))
    assert (seen.source_digest, seen.seen_at) == (request().fingerprint, NOW)


def test_of_a_test_nothing_is_stored(key: SiteKey) -> None:
    assert not ask(key, is_test=True).is_spam
    for model in (AkismetCheck, AkismetUsage, ContentFingerprint):
        assert not model.objects.exists()


# Test data, administrators, and what to discard.


@pytest.mark.parametrize(
    "author",
    [
        {"author_name": "akismet-guaranteed-spam"},
        {"author_email": "akismet-guaranteed-spam@example.com"},
    ],
)
def test_the_test_data_of_the_protocol_is_spam_to_discard(
    key: SiteKey, author: dict[str, str]
) -> None:
    result = ask(key, **author)
    assert (result.is_spam, result.discard) == (True, True)


def test_what_an_administrator_writes_is_never_spam(key: SiteKey) -> None:
    result = ask(key, "viagra", is_administrator=True)
    assert (result.is_spam, result.discard) == (False, False)


@pytest.mark.parametrize(("discard_at", "discard"), [(0.95, True), (0.96, False)])
def test_spam_is_discarded_from_a_score_on(
    key: SiteKey, settings: Any, discard_at: float, discard: bool
) -> None:
    settings.AKISMET_DISCARD_AT = discard_at
    result = ask(key, "viagra")
    assert (result.is_spam, result.discard) == (True, discard)


def test_spam_with_a_filled_decoy_field_is_discarded(key: SiteKey, settings: Any) -> None:
    settings.AKISMET_DISCARD_AT = 1.0
    result = ask(key, "viagra", decoy_filled=True)
    assert (result.is_spam, result.discard) == (True, True)


def test_a_filled_decoy_field_alone_is_left_where_people_look(key: SiteKey) -> None:
    result = ask(key, decoy_filled=True)
    assert (result.is_spam, result.discard) == (True, False)


# Without a classifier.


def test_without_a_classifier_a_check_that_would_be_held_fails(
    key: SiteKey, no_classifier: None
) -> None:
    with pytest.raises(ClassifierAway):
        ask(key)
    assert not AkismetCheck.objects.exists()


# Shadow keys.


def test_a_shadow_key_stores_both_answers(site: Site) -> None:
    key = key_of(site, KeyMode.SHADOW)
    ask(key, f"{LONG} viagra", their_verdict=False)
    row = Comparison.objects.get()
    assert (row.key, row.category, row.created_at) == (key, Category.SPAM, NOW)
    assert row.text_digest == text_digest(f"{LONG} viagra")
    assert (row.score, row.ours, row.theirs) == (0.95, True, False)


def test_tests_and_keys_of_other_modes_store_no_comparison(site: Site) -> None:
    ask(key_of(site), their_verdict=True)
    ask(key_of(site, KeyMode.SHADOW), their_verdict=True, is_test=True)
    assert not Comparison.objects.exists()


# What is looked at.


def test_the_rules_see_all_that_a_request_says_of_its_author(
    key: SiteKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = request(
        f"{LONG}&nbsp;<b>Yes</b>",
        author_email="ann@mail.example",
        author_address="198.51.100.7",
        decoy_filled=True,
    )
    seen: list[Draft] = []
    preview_drafts = check.preview_drafts

    def preview(drafts: list[Draft], **context: Any) -> Any:
        seen.extend(drafts)
        return preview_drafts(drafts, **context)

    monkeypatch.setattr(check, "preview_drafts", preview)
    check.check(said, key=key, secret=SECRET, now=NOW)
    (draft,) = seen
    assert readable.of_html(draft.html).endswith("builders.\u00a0Yes")
    for name in ("author_name", "author_email", "author_url", "author_address", "decoy_filled"):
        assert getattr(draft, name) == getattr(said, name), name
    assert (draft.text, draft.fingerprint) == (said.text, said.fingerprint)


# Feedback.


def feed_back(key: SiteKey, is_spam: bool, text: str = LONG, **changes: Any) -> None:
    check.record_feedback(request(text, **changes), key=key, is_spam=is_spam, now=NOW)


@pytest.mark.parametrize("is_spam", [True, False])
def test_feedback_is_stored_as_a_label(key: SiteKey, is_spam: bool) -> None:
    feed_back(key, is_spam)
    label = Label.objects.get()
    assert (label.site, label.text) == (key.site, LONG)
    assert (label.category, label.value) == (Category.SPAM, is_spam)
    assert (label.author_name, label.author_url) == ("Ann", "https://ann.example")
    assert (label.key, label.given_by) == (key, None), "a revoked key's labels count no more"


def test_a_label_has_the_text_as_it_reads(key: SiteKey) -> None:
    feed_back(key, True, text="Cheap <b>pi</b>lls, f&#111;r you")
    assert Label.objects.get().text == "Cheap pills, for you"


@pytest.mark.parametrize("changes", [{"text": ""}, {"is_test": True}])
def test_feedback_without_a_text_or_as_a_test_is_no_label(
    key: SiteKey, changes: dict[str, Any]
) -> None:
    feed_back(key, True, **changes)
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("text", "is_spam", "number"),
    [(LONG, True, "missed_spam"), (f"{LONG} viagra", False, "false_positives")],
)
def test_feedback_corrects_the_stored_answer_and_counts_the_error(
    key: SiteKey, text: str, is_spam: bool, number: str
) -> None:
    ask(key, text)
    feed_back(key, is_spam, text)
    assert AkismetCheck.objects.get().is_spam is is_spam
    numbers = usage(key)
    assert (numbers["missed_spam"] + numbers["false_positives"], numbers[number]) == (1, 1)


def test_feedback_that_agrees_or_is_about_an_unknown_comment_counts_no_error(key: SiteKey) -> None:
    ask(key)
    feed_back(key, False)
    feed_back(key, True, "A text that was never checked.")
    assert usage(key) == {**NONE, "ham": 1}


def test_feedback_on_the_check_of_another_key_counts_no_error(key: SiteKey, site: Site) -> None:
    ask(key)
    feed_back(key_of(site), True)
    assert AkismetCheck.objects.get().is_spam is False


def test_the_second_feedback_on_one_comment_may_correct_the_first(key: SiteKey) -> None:
    ask(key)
    feed_back(key, True)
    feed_back(key, False)
    assert AkismetCheck.objects.get().is_spam is False
    assert usage(key) == {"spam": 0, "ham": 1, "missed_spam": 1, "false_positives": 1}


def test_the_fingerprint_of_a_request_names_the_comment(key: SiteKey) -> None:
    ask(key)
    other = replace(request(), author_name="Bob")
    check.record_feedback(other, key=key, is_spam=True, now=NOW)
    assert AkismetCheck.objects.get().is_spam is False
    assert not Comment.objects.exists()
