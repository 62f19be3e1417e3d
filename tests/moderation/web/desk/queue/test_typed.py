"""What somebody typed is there again when a form is refused, once."""

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Role, Site
from tests.moderation.web.desk.desk import act, member, page_of, read, wait_in

BULK = reverse("admin:moderation_bulkjob_add")


@pytest.fixture
def held(site: Site) -> Comment:
    return wait_in(site)


def test_reasons_for_a_text_that_has_changed_are_kept(desk: Client, held: Comment) -> None:
    written = {"reasoning": "It is <rude>.", "private_notes": "Third time."}
    act(desk, "decide", held.pk, verdict="REJECT", revision=held.revision + 1, **written)
    page = read(desk, page_of(held))
    assert "It is &lt;rude&gt;.</textarea>" in page
    assert "Third time.</textarea>" in page
    assert "Third time." not in read(desk, page_of(held))


def test_what_was_typed_about_one_comment_is_not_shown_at_another(
    desk: Client, held: Comment, site: Site
) -> None:
    other = wait_in(site)
    written = {"reasoning": "It is rude.", "revision": held.revision + 1}
    act(desk, "decide", held.pk, verdict="REJECT", **written)
    assert "It is rude." not in read(desk, page_of(other))
    assert "It is rude." in read(desk, page_of(held))


def test_a_bulk_decision_that_is_not_confirmed_keeps_its_reasons(
    desk: Client, held: Comment
) -> None:
    desk.post(BULK, {"verdict": "SPAM", "reasoning": "All of it.", "here": BULK})
    page = read(desk, BULK)
    assert "All of it.</textarea>" in page
    assert 'value="SPAM" required checked' in page


def test_a_public_key_that_is_none_stays_in_its_field(site: Site) -> None:
    owner = member(Role.OWNER, site)
    where = f"/admin/comments/site/{site.pk}/shared-secrets/"
    answer = owner.post(where, {"do": "public_key", "pem": "no <key>"})
    assert answer.status_code == 400
    assert "no &lt;key&gt;</textarea>" in answer.content.decode()
