"""Learning from decisions: what passes the gate, and what is kept with its numbers."""

import pytest

from comments.models import Site, User
from ml.dataset import Row
from moderation.models import LearningState, SiteClassifier
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier
from moderation.screening.learning import candidates, scores, tasks
from tests.factories import NOW, CommentFactory, MembershipFactory, PolicyFactory
from tests.moderation.screening.learning.conftest import Teach

pytestmark = pytest.mark.django_db


def spam_score(text: str, site: Site) -> float:
    given = classifier.ClassifierInput(text=text, author_name="", author_url="")
    return scores.score([given], site=site).deciding.rows[0]["SPAM"]


@pytest.fixture
def on(site: Site) -> None:
    PolicyFactory(site=site, learning="on")


def test_what_a_site_teaches_is_known_there_and_nowhere_else(
    site: Site, on: None, taught: None
) -> None:
    learned = candidates.learn(site, now=NOW)
    assert learned.refusals == []
    assert spam_score("win at the kasino today", site) > 0.5
    assert spam_score("come to the walk", site) < 0.5
    assert spam_score("win at the kasino today", MembershipFactory().site) < 0.5


def test_a_score_names_the_version_that_gave_it(site: Site, on: None, taught: None) -> None:
    candidates.learn(site, now=NOW)
    given = classifier.ClassifierInput(text="hello", author_name="", author_url="")
    assert scores.score([given], site=site).deciding.classifier_version == "fake-1+site.1"


def test_in_shadow_the_scores_are_noted_and_decide_nothing(site: Site, taught: None) -> None:
    assert candidates.learn(site, now=NOW).state == LearningState.SHADOW
    given = classifier.ClassifierInput(text="win at the kasino", author_name="", author_url="")
    found = scores.score([given], site=site)
    assert found.deciding.rows[0]["SPAM"] < 0.5
    assert found.shadow
    assert found.shadow.rows[0]["SPAM"] > 0.5


def test_few_labels_teach_nothing_yet(site: Site, teach: Teach) -> None:
    teach(["win at the kasino"], Verdict.SPAM)
    with pytest.raises(candidates.NothingToLearn, match="at least 60 and 30"):
        candidates.learn(site, now=NOW)


def test_what_is_no_better_is_kept_and_not_used(site: Site, on: None, teach: Teach) -> None:
    for _ in range(80):
        teach(["a spammy word"], Verdict.SPAM)
        teach(["a lovely walk"], Verdict.APPROVE)
    learned = candidates.learn(site, now=NOW)
    assert learned.state == LearningState.CANDIDATE
    assert "no better beyond noise" in learned.refusals


def test_what_would_hold_published_comments_is_not_used(
    site: Site, on: None, teach: Teach, taught: None
) -> None:
    CommentFactory(thread__site=site, body="we met at the kasino tonight")
    assert "more alarms on published comments" in candidates.learn(site, now=NOW).refusals


def test_what_is_wrong_about_the_shipped_texts_is_not_used(
    site: Site, on: None, taught: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row("win at the kasino tonight", {"SPAM": False}, "")
    monkeypatch.setattr(classifier, "regression_rows", lambda: (row,))
    refusals = candidates.learn(site, now=NOW).refusals
    assert "more false alarms on the shipped regression set" in refusals


def test_the_same_decisions_promote_nothing_twice(site: Site, on: None, taught: None) -> None:
    first, second = candidates.learn(site, now=NOW), candidates.learn(site, now=NOW)
    assert (first.state, second.state) == (LearningState.STANDING, LearningState.CANDIDATE)


def test_an_account_that_flips_its_labels_is_named_and_nothing_promoted(
    site: Site, on: None, taught: None, teach: Teach
) -> None:
    traitor: User = MembershipFactory(site=site).user
    teach(["win at the kasino tonight"] * 10, Verdict.APPROVE, by=traitor)
    learned = candidates.learn(site, now=NOW)
    assert learned.state == LearningState.CANDIDATE
    assert any(f"person {traitor.pk}" in refusal for refusal in learned.refusals)


def test_the_task_learns_where_there_is_something_new_and_it_is_wanted(
    site: Site, taught: None
) -> None:
    tasks.learn()
    tasks.learn()
    assert SiteClassifier.objects.filter(site=site).count() == 1


def test_the_task_learns_nothing_where_it_is_off(site: Site, taught: None) -> None:
    PolicyFactory(site=site, learning="off")
    tasks.learn()
    assert not SiteClassifier.objects.exists()
