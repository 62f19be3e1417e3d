"""One click in the queue: what it decides, where it leads, and how it is taken back."""

import re

import pytest
from django.test import Client

from comments.models import Comment, Role, Site, Status
from moderation.models import Decision, DecisionSource, Reviewable
from tests.factories import MembershipFactory, UserFactory
from tests.moderation.web.desk.desk import (
    QUEUE,
    decide,
    member,
    page_of,
    read,
    signed_in,
    status,
    wait_in,
)


@pytest.mark.parametrize(
    ("verdict", "became"),
    [("APPROVE", Status.APPROVED), ("REJECT", Status.REJECTED), ("SPAM", Status.SPAM)],
)
def test_one_click_decides(desk: Client, held: Comment, verdict: str, became: Status) -> None:
    decide(desk, held, verdict)
    assert status(held) == became
    assert held.decisions.effective().get().source == DecisionSource.MODERATOR
    assert not Reviewable.objects.open().exists()


def test_a_click_leads_back_to_the_same_place(desk: Client, site: Site) -> None:
    first, second = wait_in(site), wait_in(site)
    page = read(desk, f"{QUEUE}?why=SCREENED")
    assert f'name="next" value="{QUEUE}?why=SCREENED#c-{second.pk}"' in page
    answer = decide(desk, first, next=f"{QUEUE}?why=SCREENED#c-{second.pk}")
    assert answer.headers["Location"] == f"{QUEUE}?why=SCREENED#c-{second.pk}"


def test_a_click_never_leads_to_another_website(desk: Client, held: Comment) -> None:
    answer = decide(desk, held, next="https://elsewhere.example/")
    assert answer.headers["Location"] == QUEUE


def test_the_last_click_can_be_undone(desk: Client, held: Comment) -> None:
    decide(desk, held, "SPAM")
    undo = re.search(r'action="([^"]+/undo/)"', read(desk, QUEUE))
    assert undo
    desk.post(undo[1])
    assert status(held) == Status.HELD
    assert Decision.objects.filter(undoes=True).count() == 1


def test_the_last_click_is_told_of_once(desk: Client, held: Comment) -> None:
    decide(desk, held, "SPAM")
    assert "/undo/" in read(desk, QUEUE)
    assert "/undo/" not in read(desk, QUEUE)


def test_a_click_about_an_older_text_changes_nothing_and_shows_the_newer(
    desk: Client, held: Comment
) -> None:
    Comment.objects.update(revision=2, body_html="<p>the newer text</p>")
    answer = decide(desk, held, next=QUEUE)
    assert answer.headers["Location"].startswith(page_of(held))
    page = read(desk, answer.headers["Location"])
    assert "The text was changed" in page
    assert "the newer text" in page
    assert status(held) == Status.HELD


@pytest.mark.parametrize(
    "wrong", [{"revision": "x"}, {"revision": ""}, {"verdict": "BURN"}, {"verdict": ""}]
)
def test_a_click_that_makes_no_sense_is_no_fault(
    desk: Client, held: Comment, wrong: dict[str, str]
) -> None:
    assert decide(desk, held, **{"verdict": "SPAM", **wrong}).status_code == 404
    assert status(held) == Status.HELD


def test_a_link_decides_nothing(desk: Client, held: Comment) -> None:
    decided = desk.get(f"/admin/comments/comment/{held.pk}/decide/?verdict=SPAM&revision=1")
    assert decided.status_code == 405
    assert status(held) == Status.HELD


def test_a_click_without_the_token_of_the_form_decides_nothing(site: Site, held: Comment) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(MembershipFactory(site=site, role=Role.MODERATOR).user)
    assert decide(careful, held).status_code == 403
    assert status(held) == Status.HELD


def test_buttons_are_there_where_one_may_decide(site: Site, held: Comment) -> None:
    user = MembershipFactory(site=site, role=Role.VIEWER).user
    own = MembershipFactory(user=user, role=Role.MODERATOR).site
    mine = wait_in(own)
    page = read(signed_in(user), QUEUE)
    assert f"/{mine.pk}/decide/" in page
    assert f"/{held.pk}/decide/" not in page


def test_a_superuser_works_the_queues_of_all_sites(held: Comment) -> None:
    root = signed_in(UserFactory(is_superuser=True))
    decide(root, held)
    assert status(held) == Status.APPROVED


def test_somebody_of_no_site_sees_an_empty_queue(held: Comment) -> None:
    assert "Nothing waits." in read(member(Role.OWNER), QUEUE)
