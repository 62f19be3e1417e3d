"""Which labels count: of people and keys that may give them, and of one no more than of others."""

import pytest
from django.utils import timezone

from comments.models import Site, User
from moderation.models import Label
from moderation.rules.verdicts import Verdict
from moderation.screening.labels import LabelledText, store_labels
from moderation.screening.learning import dataset
from tests.factories import NOW, SiteKeyFactory
from tests.moderation.screening.learning.conftest import Teach

pytestmark = pytest.mark.django_db


def feedback(site: Site, key, *texts: str, spam: bool = True) -> None:
    items = [LabelledText(text=text, labels={"SPAM": spam}) for text in texts]
    store_labels(items, site=site, by=key, now=NOW)


def test_a_day_of_one_person_counts_up_to_a_limit(
    site: Site, teach: Teach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "MAX_OF_A_DAY", 3)
    teach(["some text"] * 5, Verdict.SPAM)
    teach(["some text"] * 2, Verdict.SPAM, day=1)
    assert len(dataset.lessons(site)) == 5


def test_labels_of_a_revoked_key_count_no_more(site: Site) -> None:
    key = SiteKeyFactory(site=site)
    feedback(site, key, "Buy pills")
    assert len(dataset.lessons(site)) == 1
    key.revoked_at = timezone.now()
    key.save()
    assert dataset.lessons(site) == []


def test_a_moderators_label_counts_before_a_keys(site: Site, teach: Teach) -> None:
    (comment,) = teach(["Buy pills"], Verdict.APPROVE)
    feedback(site, SiteKeyFactory(site=site), comment.body)
    (given,) = dataset.lessons(site)
    assert (given.by_moderator, given.lesson.labels["SPAM"]) == (True, False)


def test_feedback_weighs_less_than_a_moderators_decision(site: Site, teach: Teach) -> None:
    teach(["a text"], Verdict.SPAM)
    feedback(site, SiteKeyFactory(site=site), "another text")
    weights = {given.by_moderator: given.lesson.weight for given in dataset.lessons(site)}
    assert weights[True] > weights[False]


def test_another_sites_labels_are_not_read(site: Site, moderator: User, teach: Teach) -> None:
    other = SiteKeyFactory()
    feedback(other.site, other, "Buy pills")
    assert Label.objects.exists()
    assert dataset.lessons(site) == []
