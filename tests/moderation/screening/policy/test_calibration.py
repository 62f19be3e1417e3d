"""Which thresholds hold as large a share of comments as is held now."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from comments.models import Site, Status
from moderation.screening.policy import calibration
from moderation.screening.policy.calibration import STEPS, Curve
from tests.factories import CommentFactory, DecisionFactory, PolicyFactory, SiteFactory
from tests.moderation.management.test_commands import run, run_json

pytestmark = pytest.mark.django_db
BODIES = [
    "How vile",
    "You idiot",
    "Hello",
    "Hello again",
    "Thanks",
    "Well said",
    "Nice",
    "So",
    "Oh",
]


@pytest.fixture(autouse=True)
def comments(site: Site) -> None:
    for body in BODIES:
        CommentFactory(thread__site=site, site=site, body=body, status=Status.APPROVED)
    CommentFactory(thread__site=site, site=site, body="Spammy", status=Status.SPAM)


def toxicity(site: Site, **options: float) -> Curve:
    curves = calibration.of_site(site, **options).curves
    return next(curve for curve in curves if curve.category == "TOXICITY")


def test_scores_are_counted_in_steps(site: Site) -> None:
    counts = toxicity(site).counts
    assert len(counts) == STEPS
    assert sum(counts) == 10
    assert (counts[0], counts[-1]) == (8, 1)


def test_the_share_that_is_held_now_is_wanted(site: Site) -> None:
    assert calibration.of_site(site).rate == 0.1


def test_what_waited_and_was_published_later_was_held(site: Site) -> None:
    DecisionFactory(comment=site.comments.filter(body="Hello").get(), verdict="HOLD")
    assert calibration.of_site(site).rate == 0.2


@pytest.mark.parametrize(("rate", "matching"), [(0.0, None), (0.1, 0.97), (0.2, 0.7)])
def test_the_threshold_that_holds_the_share_is_found(
    site: Site, rate: float, matching: float | None
) -> None:
    assert toxicity(site, rate=rate).matching == matching


def test_what_the_rules_would_hold_is_told(site: Site) -> None:
    assert toxicity(site).held == 0.2
    PolicyFactory(site=site, thresholds={"TOXICITY": {"hold_at": 0.9, "reject_at": 1.0}})
    assert (toxicity(site).held, toxicity(site).hold_at) == (0.1, 0.9)


def test_what_waits_or_is_deleted_tells_nothing(site: Site) -> None:
    for status in (Status.PENDING, Status.DELETED):
        CommentFactory(thread__site=site, site=site, body="How vile", status=status)
    assert calibration.of_site(site).texts == 10


def test_another_sites_comments_tell_nothing() -> None:
    found = calibration.of_site(SiteFactory())
    assert (found.texts, found.curves) == (0, ())


# The command.


def test_the_command_tells_it(site: Site) -> None:
    told = run_json("calibrate", site.slug, "--rate", "20")
    assert told["categories"]["TOXICITY"]["matching"] == 0.7
    assert "0.7000" in run("calibrate", site.slug, "--rate", "20")


def test_comments_from_elsewhere_are_scored(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "comments.txt"
    file.write_text("How vile\n\nHello\n", encoding="utf-8")
    told = run_json("calibrate", site.slug, "--texts", str(file), "--rate", "50")
    assert (told["texts"], told["categories"]["TOXICITY"]["matching"]) == (2, 0.97)


@pytest.mark.parametrize(
    "options", [["--rate", "101"], ["--texts", "/nowhere", "--rate", "5"], ["--texts", "/nowhere"]]
)
def test_what_makes_no_sense_is_refused(site: Site, options: list[str]) -> None:
    with pytest.raises(CommandError):
        run("calibrate", site.slug, *options)


def test_without_a_classifier_it_says_so(site: Site, no_classifier: None) -> None:
    with pytest.raises(CommandError, match="no classifier"):
        run("calibrate", site.slug)
