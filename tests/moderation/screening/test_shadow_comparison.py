"""Shadow keys: what we say is kept beside what a site's present service said."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import api_keys
from comments.models import KeyMode, Site
from moderation.management import tasks
from moderation.models import Comparison, Label
from moderation.rules.verdicts import Category
from moderation.screening import shadow_comparison
from moderation.screening.shadow_comparison import Agreement
from tests.moderation.management.test_commands import run_json
from tests.moderation.web.dialects.akismet.plugin import call, comment, told
from tests.moderation.web.dialects.perspective.test_views import analyze, suggest

pytestmark = pytest.mark.django_db


def shadow(site: Site, *scopes: str) -> str:
    now = timezone.now()
    return api_keys.issue(site, scopes=scopes, name="x", now=now, mode=KeyMode.SHADOW).secret


@pytest.fixture
def akismet(site: Site) -> str:
    return shadow(site, "akismet")


@pytest.fixture
def checks(site: Site) -> str:
    return shadow(site, "checks", "feedback")


def only(site: Site, **options: Any) -> Agreement:
    (agreement,) = shadow_comparison.agreements(site, **options)
    return agreement


# What Akismet said comes along as `comment_check_response`.


def test_what_both_said_of_spam_is_kept(akismet: str, site: Site) -> None:
    for text, answer in [
        ("Thanks", "false"),
        ("viagra", "true"),
        ("viagra, again", "false"),
        ("Hello", "true"),
        ("Good", ""),
    ]:
        fields = comment(akismet, comment_content=text, comment_check_response=answer)
        call("comment-check", fields)
    agreement = only(site)
    assert agreement.category == Category.SPAM
    numbers = (agreement.both, agreement.only_ours, agreement.only_theirs, agreement.neither)
    assert numbers == (1, 1, 1, 1)
    assert (agreement.compared, agreement.unanswered, agreement.agreement) == (4, 1, 0.5)


def test_it_is_answered_like_any_other_key(akismet: str) -> None:
    assert told(call("comment-check", comment(akismet, comment_content="viagra"))) == "true"


def test_no_text_is_kept(akismet: str) -> None:
    call("comment-check", comment(akismet, comment_content="viagra for sale"))
    assert "viagra" not in str(Comparison.objects.values().get())


def test_a_test_is_not_compared(akismet: str) -> None:
    call("comment-check", comment(akismet, is_test="1"))
    assert not Comparison.objects.exists()


def test_people_tell_who_was_right(akismet: str, site: Site) -> None:
    for text, answer, is_spam in [
        ("viagra 1", "true", True),
        ("viagra 2", "false", True),
        ("viagra 3", "false", False),
        ("Hello", "true", False),
        ("pills", "true", True),
    ]:
        fields = comment(akismet, comment_content=text, comment_check_response=answer)
        call("comment-check", fields)
        call("submit-spam" if is_spam else "submit-ham", fields)
    agreement = only(site)
    assert agreement.judged == 5
    assert agreement.ours == (2, 1, 1)
    assert agreement.theirs == (2, 1, 1)
    assert agreement.ours.precision == agreement.ours.recall == pytest.approx(2 / 3)


def test_our_moderators_word_counts_for_more(akismet: str, site: Site) -> None:
    fields = comment(akismet, comment_content="viagra", comment_check_response="true")
    call("comment-check", fields)
    call("submit-ham", fields)
    label = Label.objects.get()
    Label.objects.create(
        site=site,
        text=label.text,
        text_digest=label.text_digest,
        category=Category.SPAM,
        value=True,
        source="MODERATOR",
    )
    assert only(site).ours.true_positives == 1


# What Perspective said comes along as `attributeScores`, as it came.


def scores(value: float) -> dict[str, Any]:
    return {"TOXICITY": {"summaryScore": {"value": value, "type": "PROBABILITY"}}}


def test_what_both_said_of_toxicity_is_kept(checks: str, site: Site) -> None:
    analyze(checks, "You idiot", attributeScores=scores(0.85))
    analyze(checks, "Hello", attributeScores=scores(0.1))
    analyze(checks, "You fool", attributeScores=scores(0.75))
    agreement = only(site)
    assert (agreement.both, agreement.only_theirs, agreement.neither) == (1, 0, 2)
    assert only(site, their_threshold=0.7).only_theirs == 1


def test_the_answer_is_the_usual_one(checks: str) -> None:
    answer = analyze(checks, "You idiot", attributeScores=scores(0.85)).json()
    assert answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.7


def test_what_a_person_suggests_is_the_truth(checks: str, site: Site) -> None:
    analyze(checks, "You fool", attributeScores=scores(0.9))
    suggest(checks, {"TOXICITY": {"summaryScore": {"value": 1}}})
    assert only(site).theirs.true_positives == 1
    assert only(site).ours.false_negatives == 1


@pytest.mark.parametrize("theirs", [7, "x", {"TOXICITY": 7}, {"TOXICITY": {}}, []])
def test_what_makes_no_sense_is_refused_or_left_out(checks: str, theirs: Any) -> None:
    assert analyze(checks, "You fool", attributeScores=theirs).status_code in (200, 400)


# What OpenAI said comes along as `results`, as they came.


def moderate(key: str, texts: Any, results: Any) -> Any:
    client = Client(headers={"Authorization": f"Bearer {key}"})
    body = json.dumps({"input": texts, "results": results})
    return client.post("/v1/moderations", body, content_type="application/json")


def theirs(*, harassment: bool) -> dict[str, Any]:
    score = 0.9 if harassment else 0.1
    return {
        "categories": {"harassment": harassment},
        "category_scores": {"harassment": score},
    }


def test_what_both_said_of_many_texts_is_kept(checks: str, site: Site) -> None:
    results = [theirs(harassment=True), theirs(harassment=True), theirs(harassment=False)]
    moderate(checks, ["You idiot", "You fool", "Hello", "not told"], results)
    agreement = only(site)
    assert agreement.category == Category.TOXICITY
    assert (agreement.both, agreement.only_theirs, agreement.neither) == (1, 1, 1)
    assert agreement.unanswered == 1


@pytest.mark.parametrize("results", [None, 7, [None], [{}], [{"categories": 7}]])
def test_an_answer_that_makes_no_sense_is_none(checks: str, site: Site, results: Any) -> None:
    assert moderate(checks, "Hello", results).status_code == 200
    assert only(site).unanswered == 1


# Which threshold of ours flags as much as they do.


def test_the_threshold_that_flags_as_much_as_they_do_is_found(checks: str, site: Site) -> None:
    for text, value in [("vile", 0.9), ("idiot", 0.9), ("Hello", 0.1), ("Hello again", 0.1)]:
        analyze(checks, text, attributeScores=scores(value))
    assert only(site).matching_threshold == 0.7


@given(
    values=st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=60),
    share=st.floats(0, 1),
)
def test_a_threshold_never_flags_more_than_the_share_but_for_the_highest(
    values: list[float], share: float
) -> None:
    threshold = shadow_comparison.threshold_for(values, share=share)
    flagged = sum(value >= threshold for value in values) if threshold is not None else 0
    assert flagged <= round(share * len(values)) or threshold == max(values)


def test_where_there_are_ties_as_many_are_flagged_as_possible() -> None:
    assert shadow_comparison.threshold_for([0.9, 0.5, 0.5, 0.1], share=0.75) == 0.5
    assert shadow_comparison.threshold_for([0.9, 0.5, 0.5, 0.1], share=0.5) == 0.9
    assert shadow_comparison.threshold_for([0.9, 0.9, 0.1], share=0.4) == 0.9
    assert shadow_comparison.threshold_for([0.9], share=0.0) is None


# Who sees what.


def test_another_site_sees_nothing(akismet: str, checks: str, site: Site) -> None:
    from tests.factories import SiteFactory

    call("comment-check", comment(akismet))
    assert shadow_comparison.agreements(SiteFactory()) == []


def test_other_keys_compare_nothing(site: Site) -> None:
    key = api_keys.issue(site, scopes=["checks"], name="x", now=timezone.now()).secret
    analyze(key, "You idiot", attributeScores=scores(0.85))
    assert not Comparison.objects.exists()


def test_old_comparisons_are_forgotten(akismet: str) -> None:
    call("comment-check", comment(akismet))
    Comparison.objects.update(created_at=timezone.now() - timedelta(days=91))
    tasks.purge()
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("scopes", [["comments"], ["checks", "policy"]])
def test_a_shadow_key_can_do_nothing_else(site: Site, scopes: list[str]) -> None:
    with pytest.raises(api_keys.InvalidScopes):
        shadow(site, *scopes)


def test_only_akismet_has_a_queue(site: Site) -> None:
    with pytest.raises(api_keys.InvalidScopes):
        api_keys.issue(site, scopes=["checks"], name="x", now=timezone.now(), mode=KeyMode.QUEUE)


def test_the_command_tells_it(akismet: str, site: Site) -> None:
    fields = comment(akismet, comment_content="viagra", comment_check_response="false")
    call("comment-check", fields)
    (spam,) = run_json("compare", site.slug)["categories"]
    assert (spam["category"], spam["compared"], spam["only_ours"]) == ("SPAM", 1, 1)
    assert spam["ours"] == {"precision": None, "recall": None}
