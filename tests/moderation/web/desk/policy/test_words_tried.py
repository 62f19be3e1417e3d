"""A word list is tried while it is typed into the form of the house rules."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from moderation.models import Policy
from moderation.rules.starter_words import STARTER_WORDS
from tests.factories import CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, read


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


@pytest.fixture
def policy(site: Site) -> Policy:
    return Policy.objects.append(Policy(site=site, held_words=["boat"]))


def typed(client: Client, where: str, **fields: str) -> str:
    answer = client.post(where, {"list": "held_words", **fields})
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_the_form_tries_each_list_at_its_own_address(owner: Client, policy: Policy) -> None:
    page = read(owner, reverse("admin:moderation_policy_change", args=[policy.pk]))
    where = reverse("admin:moderation_policy_words", args=[policy.pk])
    assert page.count(f'hx-post="{where}"') == len(Policy.WORD_LISTS)
    new = read(member(Role.OWNER, SiteFactory()), reverse("admin:moderation_policy_add"))
    assert f'hx-post="{reverse("admin:moderation_policy_words")}"' in new


def test_lists_to_start_with_are_beside_the_held_words_and_hold_nothing(
    owner: Client, site: Site, policy: Policy
) -> None:
    page = read(owner, reverse("admin:moderation_policy_change", args=[policy.pk]))
    assert page.count('<textarea id="starters-') == len(STARTER_WORDS)
    assert all(f'<summary lang="{code}"' in page for code in STARTER_WORDS)
    assert Policy.objects.current(site).held_words == ["boat"]


def test_wrong_lines_the_sample_and_past_comments_are_told(
    owner: Client, site: Site, policy: Policy
) -> None:
    CommentFactory(thread=ThreadFactory(site=site), body="The <b>ferry</b> leaves")
    where = reverse("admin:moderation_policy_words", args=[policy.pk])
    told = typed(owner, where, held_words="ferry\n/(/\n", sample_held_words="a ferry")
    assert "Line 2: " in told
    assert "In the sample: ferry." in told
    assert "ferry 1 time, such as" in told
    assert Policy.objects.current(site).held_words == ["boat"]


def test_what_is_found_nowhere_is_said(owner: Client, site: Site, policy: Policy) -> None:
    CommentFactory(thread=ThreadFactory(site=site), body="Hello")
    where = reverse("admin:moderation_policy_words", args=[policy.pk])
    told = typed(owner, where, held_words="ferry", sample_held_words="boat")
    assert "Nothing of it is in the sample." in told
    assert "Nothing of it is in the latest 1 comment." in told


def test_it_is_for_who_may_change_the_rules(site: Site, policy: Policy) -> None:
    where = reverse("admin:moderation_policy_words", args=[policy.pk])
    fields = {"list": "held_words", "held_words": "ferry"}
    assert member(Role.MODERATOR, site).post(where, fields).status_code == 403
    assert member(Role.OWNER, SiteFactory()).post(where, fields).status_code == 404
    assert Client().post(where, fields).status_code == 302


def test_another_field_is_no_list(owner: Client, policy: Policy) -> None:
    where = reverse("admin:moderation_policy_words", args=[policy.pk])
    assert owner.post(where, {"list": "pause_message"}).status_code == 400
