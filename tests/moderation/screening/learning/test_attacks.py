"""Whoever teaches the wrong things: what scores then is no worse than what scored before."""

from datetime import timedelta

import pytest

from comments.accounts import api_keys
from comments.models import Scope, Site, User
from moderation.models import Label, LearningState, ReportReason, SiteClassifier
from moderation.review.people import reports
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier
from moderation.screening.labels import LabelledText, store_labels
from moderation.screening.learning import candidates, scores
from tests.factories import NOW, CommentFactory, MembershipFactory, PolicyFactory
from tests.moderation.screening.learning.conftest import Teach

pytestmark = pytest.mark.django_db
SPAM = ("win at the kasino tonight", "the kasino has a bonus", "a spammy offer")
CALM = ("what a lovely walk tonight", "we met in the rain", "thanks for the walk")


@pytest.fixture(autouse=True)
def on(site: Site) -> None:
    PolicyFactory(site=site, learning="on")


def errors(site: Site) -> int:
    """Return how many of the texts are judged wrongly at the site now."""
    given = [
        classifier.ClassifierInput(text=text, author_name="", author_url="")
        for text in (*SPAM, *CALM)
    ]
    rows = scores.score(given, site=site).deciding.rows
    held = [row["SPAM"] >= 0.5 for row in rows]
    return held[: len(SPAM)].count(False) + held[len(SPAM) :].count(True)


def learn(site: Site) -> None:
    """Learn, where there is enough to learn from."""
    try:
        candidates.learn(site, now=NOW)
    except candidates.NothingToLearn:
        return


def test_one_account_that_flips_one_label_in_twenty_makes_nothing_worse(
    site: Site, teach: Teach
) -> None:
    traitor: User = MembershipFactory(site=site).user
    for number in range(60):
        teach([SPAM[number % 2]], Verdict.SPAM)
        teach([CALM[number % 3]], Verdict.APPROVE)
        if number % 10 == 0:
            teach([SPAM[number % 2]], Verdict.APPROVE, by=traitor)
    before = errors(site)
    learn(site)
    assert errors(site) <= before


def test_an_account_that_flips_all_its_many_labels_makes_nothing_worse(
    site: Site, teach: Teach, taught: None
) -> None:
    learn(site)
    before = errors(site)
    traitor: User = MembershipFactory(site=site).user
    teach([*SPAM] * 20, Verdict.APPROVE, by=traitor, day=1)
    teach([*CALM] * 20, Verdict.SPAM, by=traitor, day=1)
    learn(site)
    assert errors(site) <= before


def test_a_brigade_of_reports_teaches_nothing(site: Site) -> None:
    for number in range(30):
        comment = CommentFactory(thread__site=site, body=f"{CALM[0]} {number}")
        for reader in range(3):
            reports.report(
                comment, reason=ReportReason.SPAM, text="", address=f"192.0.2.{reader}", now=NOW
            )
    assert not Label.objects.exists()
    assert candidates.due_sites() == []


def test_a_stolen_key_promotes_nothing_however_much_it_says(site: Site, teach: Teach) -> None:
    key = api_keys.issue(site, scopes=[Scope.FEEDBACK], name="stolen", now=NOW).key
    calm = [LabelledText(text=f"{CALM[n % 3]} {n}", labels={"SPAM": True}) for n in range(300)]
    harm = [LabelledText(text=f"{SPAM[n % 3]} {n}", labels={"SPAM": False}) for n in range(300)]
    store_labels([*calm, *harm], site=site, now=NOW, by=key)
    learn(site)
    assert not SiteClassifier.objects.exists()
    for number in range(40):
        teach([SPAM[number % 3]], Verdict.SPAM, day=1)
        teach([CALM[number % 3]], Verdict.APPROVE, day=1)
    before = errors(site)
    learn(site)
    assert errors(site) <= before


def test_what_a_key_says_after_promotion_is_no_reason_to_promote_again(
    site: Site, taught: None
) -> None:
    learn(site)
    key = api_keys.issue(site, scopes=[Scope.FEEDBACK], name="stolen", now=NOW).key
    later = NOW + timedelta(days=1)
    flipped = [LabelledText(text=f"{CALM[0]} {n}", labels={"SPAM": True}) for n in range(100)]
    store_labels(flipped, site=site, now=later, by=key)
    learn(site)
    standing = SiteClassifier.objects.get(site=site, state=LearningState.STANDING)
    assert standing.number == 1
