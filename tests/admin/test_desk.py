"""The moderators' desk: what a click does, and who may click."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Membership, Role, Site, Status
from moderation.models import Ban, Decision, Policy, Source
from moderation.verdicts import Category, Reason, Verdict
from tests.factories import (
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
    ThreadFactory,
)

EMAIL = "ann.reader@mail.example"
QUEUE = "admin:moderation_reviewable_changelist"
PAGE = "admin:comments_comment_change"


@pytest.fixture
def held(site: Site) -> Comment:
    author = AuthorFactory(site=site, email=EMAIL)
    comment = CommentFactory(
        thread=ThreadFactory(site=site), author=author, status=Status.HELD, network_digest="f" * 64
    )
    decision = DecisionFactory(comment=comment, verdict=Verdict.HOLD)
    decision.findings.create(
        check_name="classifier", reason=Reason.SCORE, category=Category.TOXICITY, score=0.94
    )
    decision.findings.create(check_name="links", reason=Reason.TOO_MANY_LINKS)
    return ReviewableFactory(comment=comment).comment


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


@pytest.fixture
def desk(site: Site) -> Client:
    return signed_in(MembershipFactory(site=site, role=Role.MODERATOR))


def decide(client: Client, comment: Comment, verdict: str = "APPROVE", **more: object):
    data = {"verdict": verdict, "revision": comment.revision, **more}
    return client.post(reverse("admin:moderation_decide", args=[comment.pk]), data)


def status(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


# The queue.


def test_signing_in_leads_to_the_queue(desk: Client) -> None:
    assert desk.get("/admin/").headers["Location"] == reverse(QUEUE)


def test_the_queue_says_in_words_why_a_comment_waits(desk: Client, held: Comment) -> None:
    page = desk.get(reverse(QUEUE)).content.decode()
    assert "Very likely toxic, 94 %" in page
    assert "It has more links than the house rules allow." in page


@pytest.mark.parametrize(
    ("verdict", "became"),
    [("APPROVE", Status.APPROVED), ("REJECT", Status.REJECTED), ("SPAM", Status.SPAM)],
)
def test_one_click_decides_and_leads_back(
    desk: Client, held: Comment, verdict: str, became: Status
) -> None:
    where = reverse(QUEUE) + "?why=SCREENED"
    answer = decide(desk, held, verdict, next=where)
    assert answer.headers["Location"] == where
    assert status(held) == became
    assert held.decisions.standing().get().source == Source.MODERATOR


def test_the_last_click_can_be_undone(desk: Client, held: Comment) -> None:
    decide(desk, held, "SPAM")
    page = desk.get(reverse(QUEUE)).content.decode()
    undo = re.search(r'action="([^"]+/undo/)"', page)
    assert undo
    desk.post(undo[1])
    assert status(held) == Status.HELD


def test_a_click_about_an_older_text_changes_nothing_and_shows_the_newer(
    desk: Client, held: Comment
) -> None:
    Comment.objects.update(revision=2)
    answer = decide(desk, held)
    assert answer.headers["Location"] == reverse(PAGE, args=[held.pk])
    assert "The text was changed" in desk.get(answer.headers["Location"]).content.decode()
    assert status(held) == Status.HELD


def test_a_click_never_leads_to_another_website(desk: Client, held: Comment) -> None:
    answer = decide(desk, held, next="https://elsewhere.example/")
    assert answer.headers["Location"] == reverse(QUEUE)


def test_a_long_queue_takes_as_few_queries_as_a_short_one(
    desk: Client, site: Site, django_assert_max_num_queries
) -> None:
    for _ in range(19):
        ReviewableFactory(
            comment=CommentFactory(thread=ThreadFactory(site=site), status=Status.HELD)
        )
    with django_assert_max_num_queries(22):
        desk.get(reverse(QUEUE))


@pytest.mark.parametrize("query", ["?q=%00", "?why=x&category=y", "?cursor=x", "?site__slug=z"])
def test_a_filter_that_makes_no_sense_is_no_fault(desk: Client, query: str) -> None:
    assert desk.get(reverse(QUEUE) + query).status_code in (200, 404)


# One comment.


def test_the_page_of_a_comment_shows_all_that_is_known(desk: Client, held: Comment) -> None:
    page = desk.get(reverse(PAGE, args=[held.pk])).content.decode()
    for known in (held.body[:20], "Very likely toxic", "more links", "by the rules", "1 held"):
        assert known in page


@pytest.mark.parametrize("name", [QUEUE, PAGE])
def test_addresses_are_masked(desk: Client, held: Comment, name: str) -> None:
    page = desk.get(reverse(name, args=[held.pk] if name == PAGE else [])).content.decode()
    assert EMAIL not in page
    assert "a•••@m•••.example" in page


def test_an_address_is_revealed_once_and_that_is_written_down(desk: Client, held: Comment) -> None:
    desk.post(reverse("admin:moderation_reveal", args=[held.pk]))
    assert EMAIL in desk.get(reverse(PAGE, args=[held.pk])).content.decode()
    assert EMAIL not in desk.get(reverse(PAGE, args=[held.pk])).content.decode()
    assert LogEntry.objects.get().object_id == str(held.pk)


@pytest.mark.parametrize("target", ["EMAIL", "NETWORK"])
def test_an_author_or_a_network_can_be_banned(desk: Client, held: Comment, target: str) -> None:
    desk.post(reverse("admin:moderation_ban", args=[held.pk]), {"target": target})
    values = {"EMAIL": held.author.email_digest, "NETWORK": held.network_digest}
    assert Ban.objects.get().value == values[target]


def test_a_ban_typed_in_keeps_a_digest_only(desk: Client, site: Site) -> None:
    data = {"site": site.pk, "target": "EMAIL", "value": EMAIL, "reason": ""}
    data |= {"until_0": "", "until_1": ""}
    desk.post(reverse("admin:moderation_ban_add"), data)
    assert EMAIL not in Ban.objects.get().value


# House rules.


def rules(site: Site, **changes: object) -> dict[str, object]:
    return {
        "site": site.pk,
        "trust_after": 3,
        "max_links": 5,
        "held_words": "casino*\npoker",
        "rejected_words": "",
        "thresholds": "TOXICITY 0.7 0.9",
        "reports_to_hold": 3,
        "close_after_days": "",
        **changes,
    }


def test_saving_house_rules_adds_a_revision(site: Site) -> None:
    owner = signed_in(MembershipFactory(site=site, role=Role.OWNER))
    for links in (5, 6):
        owner.post(reverse("admin:moderation_policy_add"), rules(site, max_links=links))
    assert list(Policy.objects.order_by("revision").values_list("revision", "max_links")) == [
        (1, 5),
        (2, 6),
    ]
    policy = Policy.objects.current(site)
    assert policy.held_words == ["casino*", "poker"]
    assert policy.thresholds == {"TOXICITY": {"hold_at": 0.7, "reject_at": 0.9}}


@pytest.mark.parametrize("line", ["TOXICITY", "NONSENSE 0.1 0.2", "SPAM 0.9 0.1", "SPAM a b"])
def test_thresholds_that_make_no_sense_are_named(site: Site, line: str) -> None:
    owner = signed_in(MembershipFactory(site=site, role=Role.OWNER))
    answer = owner.post(reverse("admin:moderation_policy_add"), rules(site, thresholds=line))
    assert "should be a category and two scores" in answer.content.decode()
    assert not Policy.objects.exists()


def test_a_moderator_does_not_set_house_rules(desk: Client, site: Site) -> None:
    assert desk.post(reverse("admin:moderation_policy_add"), rules(site)).status_code == 403


def test_an_owner_does_not_set_house_rules_for_other_sites(site: Site) -> None:
    stranger = signed_in(MembershipFactory(role=Role.OWNER))
    stranger.post(reverse("admin:moderation_policy_add"), rules(site))
    assert not Policy.objects.exists()


# Who may what.

ACTS = ["decide", "reveal", "ban"]


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("act", ACTS)
def test_at_a_foreign_site_no_button_works(held: Comment, role: Role, act: str) -> None:
    stranger = signed_in(MembershipFactory(role=role))
    data = {"verdict": "APPROVE", "revision": 1, "target": "EMAIL"}
    answer = stranger.post(reverse(f"admin:moderation_{act}", args=[held.pk]), data)
    assert answer.status_code == 404
    assert status(held) == Status.HELD
    assert not Ban.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_a_viewer_only_looks(held: Comment, act: str) -> None:
    viewer = signed_in(MembershipFactory(site=held.site, role=Role.VIEWER))
    page = viewer.get(reverse(PAGE, args=[held.pk])).content.decode()
    assert "All about it" in viewer.get(reverse(QUEUE)).content.decode()
    assert 'value="APPROVE"' not in page
    data = {"verdict": "APPROVE", "revision": 1, "target": "EMAIL"}
    answer = viewer.post(reverse(f"admin:moderation_{act}", args=[held.pk]), data)
    assert answer.status_code == 404
    assert status(held) == Status.HELD


@pytest.mark.parametrize("role", [*Role])
def test_a_foreign_site_shows_in_no_list(held: Comment, role: Role) -> None:
    stranger = signed_in(MembershipFactory(role=role))
    lists = ["comments_comment", "comments_thread", "comments_site", "moderation_reviewable"]
    for name in lists:
        page = stranger.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert held.site.name not in page
        assert held.body[:20] not in page
    assert stranger.get(reverse(PAGE, args=[held.pk])).status_code == 404


def test_a_foreign_decision_can_not_be_undone(held: Comment) -> None:
    decision = Decision.objects.get()
    stranger = signed_in(MembershipFactory(role=Role.OWNER))
    answer = stranger.post(reverse("admin:moderation_undo", args=[decision.pk]))
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [*Role])
def test_accounts_are_for_those_who_run_the_service(site: Site, role: Role) -> None:
    member = signed_in(MembershipFactory(site=site, role=role))
    assert member.get(reverse("admin:comments_user_changelist")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    assert "/login/" in Client().get(reverse(QUEUE)).headers["Location"]
