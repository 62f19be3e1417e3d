"""Who may post, and when: pauses, members alone, slow mode. What readers are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.accounts import single_sign_on
from comments.accounts.single_sign_on import SignedOnReader
from comments.models import Comment, Site
from moderation.models import SectionRules
from tests import submissions
from tests.conftest import Api
from tests.factories import PolicyFactory, ThreadFactory

# Refusals roll back.
pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "an-article"


def post(reader: Api, **changes: Any) -> Any:
    body = f"Hello {Comment.objects.count()}."
    return submissions.post(reader, **({"thread": {"key": PAGE}, "body": body} | changes))


def signed_on(site: Site, email: str = submissions.EMAIL) -> str:
    reader = SignedOnReader("Ann", email)
    return single_sign_on.issue_reader_token(reader, site=site, now=timezone.now())


def code(answer: Any) -> str:
    return answer.json()["type"].rpartition(":")[2]


def test_a_paused_site_takes_nothing_and_says_why(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, paused=True, pause_message="Back on Monday.")
    answer = post(reader)
    assert (answer.status_code, code(answer)) == (403, "paused")
    assert answer.json()["detail"] == "Back on Monday."
    assert not Comment.objects.exists()


def test_the_next_post_obeys_new_rules_though_the_process_remembers_the_former(
    reader: Api, site: Site
) -> None:
    PolicyFactory(site=site, revision=1)
    assert post(reader).status_code == 201
    PolicyFactory(site=site, revision=2, paused=True)
    assert post(reader).status_code == 403
    SectionRules.objects.create(site=site, kind="page", value=PAGE, paused=False)
    assert post(reader).status_code == 201


@pytest.mark.parametrize(("language", "words"), [("en", "paused for now"), ("de", "pausiert")])
def test_without_words_of_its_owner_it_says_so_in_the_readers(
    reader: Api, site: Site, language: str, words: str
) -> None:
    PolicyFactory(site=site, paused=True)
    form = reader.get("form", {"thread": PAGE}, headers={"Accept-Language": language}).json()
    assert form["closed"] is True
    assert words in form["closed_message"]


def test_guests_may_not_write_where_members_alone_may(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, members_only=True)
    answer = post(reader)
    assert (answer.status_code, code(answer)) == (403, "members-only")
    assert post(reader, reader_token=signed_on(site)).status_code == 201


def test_the_form_tells_guests_that_members_alone_may_write(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, members_only=True)
    form = reader.get("form", {"thread": PAGE}).json()
    assert (form["closed"], form["members_only"]) == (False, True)
    assert "signed in" in form["closed_message"]


def test_an_open_page_has_no_message(reader: Api) -> None:
    form = reader.get("form", {"thread": PAGE}).json()
    assert (form["closed"], form["members_only"], form["closed_message"]) == (False, False, "")


def test_in_slow_mode_a_reader_waits_and_is_told_how_long(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, slow_seconds=60)
    assert post(reader).status_code == 201
    answer = post(reader)
    assert (answer.status_code, code(answer)) == (429, "too-soon")
    assert 58 <= int(answer.headers["Retry-After"]) <= 60
    ago = timezone.now() - timedelta(seconds=61)
    Comment.objects.update(created_at=ago)
    assert post(reader).status_code == 201


def test_in_slow_mode_another_typed_address_does_not_help(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, slow_seconds=60)
    post(reader)
    assert post(reader, author_email="other@mail.example").status_code == 429


def test_in_slow_mode_members_behind_one_address_do_not_wait_for_each_other(
    reader: Api, site: Site
) -> None:
    PolicyFactory(site=site, slow_seconds=60)
    post(reader, reader_token=signed_on(site))
    other = signed_on(site, "berit@mail.example")
    assert post(reader, reader_token=other).status_code == 201
    assert post(reader, reader_token=other).status_code == 429


def test_slow_mode_is_for_each_page(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, slow_seconds=60)
    post(reader)
    assert post(reader, thread={"key": "other"}).status_code == 201


@pytest.mark.parametrize("rules", [{"paused": True}, {"members_only": True}])
def test_the_page_without_javascript_says_so_in_place_of_the_form(
    client: Client, site: Site, rules: dict[str, bool]
) -> None:
    ThreadFactory(site=site, key=PAGE)
    PolicyFactory(site=site, **rules)
    page = client.get(f"/sites/{site.slug}/thread", {"key": PAGE}).content.decode()
    assert page.count('<p class="notice">') == 1
    assert 'href="#leave-a-reply"' not in page
    assert page.index('<p class="notice">') < page.index('<ol class="comments">')
    assert "<textarea" not in page


def test_the_page_without_javascript_keeps_what_was_typed(client: Client, site: Site) -> None:
    where = f"/sites/{site.slug}/thread?key={PAGE}"
    PolicyFactory(site=site, paused=True, pause_message="Back on Monday.")
    fields = {"author_name": "Ann", "author_email": "ann@mail.example", "body": "A long text."}
    page = client.post(where, fields)
    assert page.status_code == 400
    assert "Back on Monday." in page.content.decode()
    assert "A long text.</textarea>" in page.content.decode()
