"""What operators type about a site's classifier: learn, promote_classifier, rollback_classifier."""

import pytest
from django.core.management import CommandError

from comments.models import Site
from moderation.models import AuditEntry, LearningState, SiteClassifier
from moderation.rules.verdicts import Verdict
from tests.factories import PolicyFactory, SiteClassifierFactory, measured
from tests.moderation.management.test_commands import run, run_json
from tests.moderation.screening.learning.conftest import Teach, no_shipped_texts, taught, teach

__all__ = ["no_shipped_texts", "taught", "teach"]
pytestmark = pytest.mark.django_db


def state(number: int) -> str:
    return SiteClassifier.objects.get(number=number).state


def test_learn_learns_at_once_and_tells_what_its_gate_counted(site: Site, taught: None) -> None:
    told = run("learn", site.slug)
    assert "Classifier 1 learned from 90 texts" in told
    assert "It has passed. State: its scores are noted, and decide nothing" not in told
    assert "It has passed. State: shadow." in told


def test_learn_follows_the_house_rules(site: Site, taught: None) -> None:
    PolicyFactory(site=site, learning="on")
    assert run_json("learn", site.slug)["state"] == LearningState.STANDING


def test_learn_says_why_one_is_not_used(site: Site, teach: Teach) -> None:
    for _ in range(80):
        teach(["a spammy word"], Verdict.SPAM)
        teach(["a lovely walk"], Verdict.APPROVE)
    assert "It is not used: no better beyond noise" in run("learn", site.slug)


def test_learn_says_how_many_labels_it_needs(site: Site) -> None:
    with pytest.raises(CommandError, match="0 labelled texts"):
        run("learn", site.slug)


def test_a_classifier_is_promoted_and_rolled_back(site: Site) -> None:
    SiteClassifierFactory.create_batch(2, site=site)
    run("promote_classifier", site.slug, "1")
    assert "Classifier 2 scores from now on" in run("promote_classifier", site.slug, "2")
    assert "Classifier 1 scores again" in run("rollback_classifier", site.slug)
    assert (state(1), state(2)) == (LearningState.STANDING, LearningState.RETIRED)
    assert "The shipped one scores again" in run("rollback_classifier", site.slug)
    assert {entry.who for entry in AuditEntry.objects.all()} == {"the command line"}


def test_one_that_did_not_pass_is_promoted_anyway_alone(site: Site) -> None:
    SiteClassifierFactory(site=site, gate=measured(refusals=["more false alarms"]))
    with pytest.raises(CommandError, match="It did not pass: more false alarms"):
        run("promote_classifier", site.slug, "1")
    run("promote_classifier", site.slug, "1", "--anyway")
    assert state(1) == LearningState.STANDING


def test_one_for_another_release_is_not_promoted(site: Site) -> None:
    SiteClassifierFactory(site=site, base_version="older")
    with pytest.raises(CommandError, match="another release"):
        run("promote_classifier", site.slug, "1")


def test_one_that_there_is_not_is_told(site: Site) -> None:
    with pytest.raises(CommandError, match="no classifier 7"):
        run("promote_classifier", site.slug, "7")


def test_the_shipped_one_is_not_rolled_back(site: Site) -> None:
    with pytest.raises(CommandError, match="nothing can be rolled back"):
        run("rollback_classifier", site.slug)
