"""Cards: why a comment waits, an appeal with its words, and what colleagues have claimed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Site, User
from moderation.models import Appeal, Report, Reviewable
from moderation.review.people import appeals
from moderation.rules.verdicts import Verdict
from tests.factories import DecisionFactory, UserFactory
from tests.moderation.web.desk.desk import QUEUE, decide, read, signed_in, wait_in

# Why it waits.


def ground(line: str, category: str = "", reason: str = "") -> dict[str, str]:
    return {
        "verdict": "HOLD",
        "check": "author",
        "reason": reason or line,
        "category": category,
        "line": line,
    }


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            ground("hold_first_comment", reason="first_comment"),
            "The house rules hold the first comment of every author.",
        ),
        (ground("hold_all", reason="all_held"), "The house rules hold every comment."),
        # A site may hold from a score that is no news by itself.
        (
            ground("INSULT 0.12, held from 0.10", category="INSULT", reason="score"),
            "Insult 12 %, held from 10 %",
        ),
    ],
)
def test_a_card_says_which_line_of_the_house_rules_held_it(
    desk: Client, site: Site, found: dict[str, str], told: str
) -> None:
    DecisionFactory(comment=wait_in(site), verdict=Verdict.HOLD, grounds=[found])
    assert told in read(desk, QUEUE)


def test_a_card_says_who_put_it_aside_and_what_they_noted(
    desk: Client, site: Site, moderator: User
) -> None:
    held = wait_in(site)
    decide(signed_in(moderator), held, "HOLD", private_notes="Ask the editor.")
    page = read(desk, QUEUE)
    assert f"Put aside by <bdi>{moderator}</bdi>" in page
    assert "Ask the editor." in page


def test_a_card_has_what_readers_wrote_of_the_present_text(desk: Client, site: Site) -> None:
    comment = wait_in(site)
    for revision, text in ((comment.revision, "He lives next door."), (99, "An earlier one.")):
        Report.objects.create(
            comment=comment, revision=revision, reason="HATE", text=text, created_at=timezone.now()
        )
    page = read(desk, QUEUE)
    assert "<bdi>He lives next door.</bdi>" in page
    assert "An earlier one." not in page


# An appeal.


@pytest.fixture
def appealed(site: Site, moderator: User) -> Comment:
    """A comment whose author appeals against a moderator's refusal."""
    comment = wait_in(site)
    decide(signed_in(moderator), comment, "REJECT", reasoning="It is rude.", reason="insult")
    comment.refresh_from_db()
    appeals.submit(comment, text="I named nobody.", now=timezone.now())
    return comment


def test_the_card_of_an_appeal_has_the_authors_words_and_the_decision(
    desk: Client, appealed: Comment
) -> None:
    card = read(desk, QUEUE).partition(f'id="c-{appealed.pk}"')[2].partition("</article>")[0]
    for words in ("I named nobody.", "It is rude.", "It was wrong: publish", "It stays refused"):
        assert words in card
    assert "Why?" not in card


def test_an_appeal_is_answered_from_its_card_and_the_reason_stands(
    desk: Client, appealed: Comment
) -> None:
    decide(desk, appealed, "REJECT", reasoning="It names a nurse.")
    answered = Appeal.objects.get().answer
    assert (answered.reasoning, answered.cause) == ("It names a nurse.", "insult")
    assert answered.refusal_reason == "insult"


def test_an_appeal_against_ones_own_decision_is_for_a_colleague(
    desk: Client, moderator: User, appealed: Comment
) -> None:
    page = read(signed_in(moderator), QUEUE)
    assert "a colleague must answer it" in page
    assert "It was wrong" not in page


def test_what_colleagues_have_claimed_stands_last_and_has_no_buttons(
    desk: Client, site: Site
) -> None:
    urgent, calm = (wait_in(site, body=f"it is {word}") for word in ("urgent", "calm"))
    Reviewable.objects.filter(comment=urgent).update(
        rank=0.9,
        claimed_by=UserFactory(first_name="Ingrid"),
        claimed_until=timezone.now() + timedelta(minutes=5),
    )
    page = read(desk, QUEUE)
    assert page.index("it is calm") < page.index("it is urgent")
    assert reverse("admin:moderation_decide", args=[urgent.pk]) not in page
    assert reverse("admin:moderation_decide", args=[calm.pk]) in page
