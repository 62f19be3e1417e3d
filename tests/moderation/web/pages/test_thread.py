"""The page that works without JavaScript, as a browser without it sees it."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Site, Status
from comments.privacy.form_tokens import DECOY_FIELDS
from tests.factories import CommentFactory, ThreadFactory

EMAIL = "ann.reader@mail.example"
ADDRESS = "/sites/gazette/thread?key=article"


@pytest.fixture
def reader(site: Site) -> Client:
    return Client(enforce_csrf_checks=True)


def fields(page) -> dict[str, str]:
    """Return the hidden fields of the form."""
    html = page.content.decode()
    return {
        n: unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    }


def fill(reader: Client, address: str = ADDRESS, **typed: str):
    form = {"author_name": "Ann", "author_email": EMAIL, "body": "A calm remark."}
    return reader.post(address, {**fields(reader.get(address)), **form, **typed})


def test_a_comment_is_posted_and_its_author_led_to_it(reader: Client) -> None:
    answer = fill(reader)
    comment = Comment.objects.get()
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Thank you. Your reply is being looked at" in page
    assert "Waiting to be published. Only you see it." in page
    assert f'id="comment-{comment.pk}"' in page


def test_what_was_posted_is_shown_on_the_pages_that_follow(reader: Client) -> None:
    link = re.search(r'action="(\?[^"]*own=[^"]*)#', fill(reader).content.decode())
    page = reader.get(ADDRESS.split("?")[0] + unescape(link[1])).content.decode()
    assert "A calm remark." in page


def test_nobody_else_sees_it_yet(reader: Client) -> None:
    fill(reader)
    assert "A calm remark." not in Client().get(ADDRESS).content.decode()


def test_a_wish_for_mail_without_an_address_is_told_beside_the_address(reader: Client) -> None:
    Site.objects.update(require_email=False)
    page = fill(reader, author_email="", notify="replies").content.decode()
    assert '<span class="error" id="email-error">To be sent mail, enter your email address.' in page
    assert 'value="replies" selected' in page
    assert not Comment.objects.exists()


def test_the_address_it_leads_to_can_not_change_the_comment(reader: Client) -> None:
    (own,) = set(re.findall(r"own=([\w%-]+)", fill(reader).content.decode()))
    comment = Comment.objects.get()
    path = f"/api/v1/sites/gazette/comments/{comment.pk}"
    assert reader.delete(path, headers={"X-Edit-Token": unquote(own)}).status_code == 404


def test_it_needs_and_sets_no_cookie(reader: Client) -> None:
    fill(reader)
    assert not reader.cookies


def test_a_reply_hangs_below_what_it_answers(reader: Client, site: Site) -> None:
    thread = ThreadFactory(site=site, key="article", url="")
    parent = CommentFactory(thread=thread)
    fill(reader, f"{ADDRESS}&reply={parent.pk}", body="I agree.")
    assert Comment.objects.get(body="I agree.").parent == parent


def test_an_error_stands_by_its_field_and_nothing_typed_is_lost(reader: Client) -> None:
    page = fill(reader, author_email="no address", body="A long remark <b>.")
    html = page.content.decode()
    assert page.status_code == 400
    assert 'aria-describedby="email-error"' in html
    assert "A long remark &lt;b&gt;." in html
    assert "no address" in html


def test_the_decoy_is_kept_from_people_in_every_way(reader: Client) -> None:
    html = reader.get(ADDRESS).content.decode()
    (decoy,) = re.findall(r'<p class="aside" aria-hidden="true">.*?</p>', html)
    assert 'tabindex="-1"' in decoy
    assert 'autocomplete="off"' in decoy
    for refusal in (
        "data-1p-ignore",
        'data-lpignore="true"',
        "data-bwignore",
        'data-form-type="other"',
    ):
        assert refusal in decoy
    assert not re.search("e-?mail|name=.(?:name|url|address|phone)|website", decoy)
    assert any(f'name="{name}"' in decoy for name in DECOY_FIELDS)


def test_a_bot_that_fills_the_decoy_is_led_on_like_anyone(reader: Client) -> None:
    machine = fill(reader, **{DECOY_FIELDS[0]: "bot@mail.example"})
    assert "Thank you." in machine.content.decode()
    assert Comment.objects.get().intake["decoy_filled"] is True


def test_a_form_sent_twice_posts_once(reader: Client) -> None:
    data = {**fields(reader.get(ADDRESS)), "author_name": "A", "author_email": EMAIL, "body": "B"}
    pages = [reader.post(ADDRESS, data).content.decode() for _ in range(2)]
    assert all("Thank you." in page for page in pages)
    assert Comment.objects.count() == 1


def test_the_consent_stands_by_the_form(reader: Client) -> None:
    assert "Your email address will not be published." in reader.get(ADDRESS).content.decode()


def test_no_address_is_in_the_page(reader: Client, site: Site) -> None:
    fill(reader)
    Comment.objects.update(status=Status.APPROVED)
    assert EMAIL not in reader.get(ADDRESS).content.decode()


def test_only_the_sites_own_pages_may_frame_it(reader: Client, site: Site) -> None:
    policy = reader.get(ADDRESS).headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {site.origins[0]}" in policy
    assert "X-Frame-Options" not in reader.get(ADDRESS).headers


def test_only_the_sites_own_pages_are_linked_to(reader: Client, site: Site) -> None:
    own, foreign = f"{site.origins[0]}/article", "https://elsewhere.example/"
    assert f'href="{own}"' in reader.get(f"/sites/gazette/thread?url={own}").content.decode()
    page = reader.get(f"/sites/gazette/thread?url={foreign}").content.decode()
    assert f'href="{foreign}"' not in page


def test_a_closed_thread_has_no_form(reader: Client, site: Site) -> None:
    ThreadFactory(site=site, key="article", closed_at=timezone.now())
    assert "<textarea" not in reader.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/sites/unknown/thread?key=a",
        "/sites/gazette/thread",
        "/sites/gazette/thread?url=javascript:alert(1)",
        "/sites/gazette/thread?key=%00",
        "/sites/gazette/thread?key=a&cursor=x",
        "/sites/gazette/thread?key=" + "k" * 2001,
    ],
)
def test_an_address_of_nothing_is_not_found(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["&reply=x", "&reply=%00", "&own=x", "&own=%ff%fe", "&title=%ed%a0%80", "&reply=" + "9" * 999],
)
def test_odd_parameters_are_no_fault(reader: Client, query: str) -> None:
    assert reader.get(ADDRESS + query).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"body": "\x00"},
        {"body": "x" * 200_000},
        {"parent": "x"},
        {"parent": "\x00"},
        {"author_name": "\u202e"},
        {"form_token": "x"},
    ],
)
def test_odd_input_is_no_fault(reader: Client, typed: dict[str, str]) -> None:
    assert fill(reader, **typed).status_code in (200, 400)


# The demo.


def test_there_is_no_demo_where_there_is_no_demo_site(reader: Client) -> None:
    assert reader.get("/demo/").status_code == 404
    assert "The demo article" not in reader.get("/").content.decode()


# What can be seen is what counts.


@pytest.mark.parametrize(
    "body", ["\u200b", "&nbsp;", "> ", "```\n\n```", "![](https://a.example/b.png)"]
)
def test_a_comment_with_nothing_to_read_is_refused_beside_its_text(
    reader: Client, body: str
) -> None:
    answer = fill(reader, body=body)
    assert answer.status_code == 400
    assert 'id="body-error">There is nothing to read' in answer.content.decode()


def test_a_name_of_which_nothing_can_be_seen_is_refused_beside_the_name(reader: Client) -> None:
    page = fill(reader, author_name="\u2800").content.decode()
    assert 'id="name-error">Nothing can be seen of this name.' in page


def test_no_control_of_direction_stands_in_the_page(reader: Client, site: Site) -> None:
    thread = ThreadFactory(site=site, key="article", title="Title \u202e")
    CommentFactory(thread=thread, author_name="Ann\u202e", body="a &#x202e; b")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", reader.get(ADDRESS).content.decode())


# What readers of other systems have.


def test_pinned_and_featured_comments_and_badges_are_marked(reader: Client, site: Site) -> None:
    thread = ThreadFactory(site=site, key="article")
    marked = CommentFactory(
        thread=thread, pinned_at=timezone.now(), featured=True, badge_kind="author"
    )
    CommentFactory(thread=thread, badge_kind="custom", badge_label="<Gold>")
    page = reader.get(ADDRESS).content.decode()
    assert page.index(f"comment-{marked.pk}") < page.index("&lt;Gold&gt;")
    for word in ("Pinned", "Featured", "Author"):
        assert f'<small class="badge">{word}</small>' in page


def test_guidelines_and_the_threads_question_stand_above_the_form(
    reader: Client, site: Site
) -> None:
    Site.objects.filter(pk=site.pk).update(guidelines="Be *kind*. <script>alert(1)</script>")
    ThreadFactory(site=site, key="article", prompt="What would you do?")
    page = reader.get(ADDRESS).content.decode()
    assert "<strong>What would you do?</strong>" in page
    assert "Be <em>kind</em>." in page
    assert "<script>alert" not in page


def test_a_link_to_a_comment_that_is_gone_says_so_above_the_others(
    reader: Client, site: Site
) -> None:
    thread = ThreadFactory(site=site, key="article")
    kept, gone = CommentFactory(thread=thread), CommentFactory(thread=thread, status=Status.DELETED)
    answer = reader.get(f"{ADDRESS}&around={gone.pk}")
    assert answer.status_code == 200
    assert "The reply that this link leads to is gone." in answer.content.decode()
    assert f"comment-{kept.pk}" in answer.content.decode()


def test_an_answer_to_what_is_gone_is_not_posted_elsewhere_unsaid(
    reader: Client, site: Site
) -> None:
    gone = CommentFactory(thread=ThreadFactory(site=site, key="article"), status=Status.DELETED)
    page = reader.get(f"{ADDRESS}&reply={gone.pk}").content.decode()
    assert "The reply that you wanted to answer is gone." in page
