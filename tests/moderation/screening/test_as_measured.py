"""What the card says of the classifier is what the default house rules do with it."""

from datetime import UTC, datetime

import pytest

from ml import usage
from ml.context.artifact import open_classifier
from ml.dataset import Row
from moderation.models import Policy
from moderation.rules.verdicts import Rules, Verdict
from moderation.screening.preview import Draft, preview_drafts
from tests.factories import SiteFactory

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TEXTS = (
    "I see it in another way, and the second example shows why.",
    "See [the docs](https://docs.example.org/a) and https://github.com/someone/project/issues/1",
    " ".join(f"https://example.org/{number}" for number in range(9)),
    "You are a stupid idiot.",
    "There are no stupid questions",
    "I will find you and kill you",
    "cheap watches and casino bonus at http://www.cheap-watches-online.example/buy?ref=1 call now",
    "@name [URL] <user>",
)


@pytest.mark.django_db
@pytest.mark.real_classifier
@pytest.mark.parametrize("name", ["Maria Keller", "Fuck You", "thank you for this lovely article"])
def test_the_measured_outcome_is_that_of_the_default_rules(name: str) -> None:
    released = open_classifier().classifier
    rows = [Row(text, {}, "made_up", author_name=name) for text in TEXTS]
    held, aside = usage.outcomes(released, rows, released.thresholds)
    drafts = [Draft(text=text, author_name=name) for text in TEXTS]
    verdicts = [p.judgement.verdict for p in preview_drafts(drafts, site=SiteFactory(), now=NOW)]
    assert [verdict != Verdict.APPROVE for verdict in verdicts] == list(held)
    assert [verdict == Verdict.SPAM for verdict in verdicts] == list(aside)


def test_the_number_of_links_is_that_of_the_default_rules() -> None:
    assert Policy().max_links == Rules().max_links == usage.MAX_LINKS
