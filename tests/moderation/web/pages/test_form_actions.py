"""What the thread page does beside taking comments, without a script."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Site, Thread
from moderation.models import Policy, Report
from tests.factories import CommentFactory, ThreadFactory
from tests.moderation.web.pages.test_thread import ADDRESS, EMAIL, fields


@pytest.fixture
def reader(site: Site) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site, key="article", url=""), body="A remark.")


def send(reader: Client, **typed: str):
    form = {"author_name": "Ann", "author_email": EMAIL, "body": "A calm remark."}
    return reader.post(ADDRESS, {**fields(reader.get(ADDRESS)), **form, **typed})


# The preview


def test_a_preview_shows_the_comment_and_stores_nothing(reader: Client) -> None:
    page = send(reader, body="A *lively* remark", act="preview").content.decode()
    assert "<em>lively</em>" in page
    assert "A *lively* remark</textarea>" in page
    assert not Comment.objects.exists()


# The nudge


def test_unkind_words_are_marked_before_anything_is_stored(reader: Client) -> None:
    page = send(reader, body="😀 You idiot!").content.decode()
    assert "<mark>idiot</mark>" in page
    assert "Post anyway" in page
    assert not Comment.objects.exists()


def test_what_is_posted_all_the_same_is_taken(reader: Client) -> None:
    page = send(reader, body="You idiot!")
    again = {**fields(page), "author_name": "Ann", "author_email": EMAIL, "body": "You idiot!"}
    assert "Thank you." in reader.post(ADDRESS, again).content.decode()
    assert Comment.objects.get().body == "You idiot!"


def test_lines_are_counted_as_people_count_them(reader: Client, site: Site) -> None:
    site.max_length = 3
    site.save()
    assert "Thank you." in send(reader, body="a\r\nb").content.decode()
    assert Comment.objects.get().body == "a\nb"


# Reports


def test_a_reader_reports_a_comment(reader: Client, comment: Comment) -> None:
    form = fields(reader.get(f"{ADDRESS}&report={comment.pk}"))
    assert form["report"] == str(comment.pk)
    page = reader.post(ADDRESS, {**form, "reason": "PRIVATE", "text": "My address."})
    assert "The moderators will look at that reply." in page.content.decode()
    assert Report.objects.get().reason == "PRIVATE"


def test_a_report_needs_a_reason(reader: Client, comment: Comment) -> None:
    form = fields(reader.get(f"{ADDRESS}&report={comment.pk}"))
    page = reader.post(ADDRESS, {**form, "text": "My address."})
    assert page.status_code == 400
    assert 'id="reason-error"' in page.content.decode()
    assert "My address.</textarea>" in page.content.decode()


def test_another_page_can_not_report_for_its_reader(reader: Client, comment: Comment) -> None:
    page = reader.post(ADDRESS, {"report": str(comment.pk), "reason": "SPAM"})
    assert page.status_code == 400
    assert not Report.objects.exists()


def test_comments_of_other_sites_can_not_be_reported(reader: Client, site: Site) -> None:
    foreign = CommentFactory()
    own = CommentFactory(thread=ThreadFactory(site=site, key="article", url=""))
    token = fields(reader.get(f"{ADDRESS}&report={own.pk}"))["form_token"]
    sent = {"form_token": token, "report": str(foreign.pk), "reason": "SPAM"}
    assert reader.post(ADDRESS, sent).status_code == 404
    assert not Report.objects.exists()


# Votes


def test_a_reader_votes(reader: Client, comment: Comment) -> None:
    page = vote(reader, comment)
    assert "Your vote counts." in page.content.decode()
    comment.refresh_from_db()
    assert comment.up_votes == 1


def vote(reader: Client, comment: Comment, **sent: str):
    (token,) = re.findall(
        r'id="votes".*?name="form_token" value="([^"]*)"', reader.get(ADDRESS).content.decode()
    )
    return reader.post(ADDRESS, {"form_token": token, "vote": f"1 {comment.pk}"}, **sent)


def test_a_token_that_was_fetched_elsewhere_votes_for_nobody(
    reader: Client, comment: Comment
) -> None:
    page = vote(reader, comment, REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 400
    assert "Please try again." in page.content.decode()
    comment.refresh_from_db()
    assert comment.up_votes == 0


def test_the_form_of_a_comment_votes_for_nobody(reader: Client, comment: Comment) -> None:
    sent = {**fields(reader.get(ADDRESS)), "vote": f"1 {comment.pk}"}
    assert reader.post(ADDRESS, sent).status_code == 400


def test_a_comment_with_the_form_of_another_visitor_waits_for_a_moderator(reader: Client) -> None:
    form = {"author_name": "Ann", "author_email": EMAIL, "body": "A calm remark."}
    sent = {**fields(reader.get(ADDRESS)), **form}
    assert "Thank you." in reader.post(ADDRESS, sent, REMOTE_ADDR="203.0.113.9").content.decode()
    assert Comment.objects.get().intake["form"]["state"] == "foreign"


def test_another_page_can_not_vote_for_its_reader(reader: Client, comment: Comment) -> None:
    assert reader.post(ADDRESS, {"vote": f"1 {comment.pk}"}).status_code == 400
    comment.refresh_from_db()
    assert comment.up_votes == 0


# Languages


@pytest.mark.parametrize(
    ("language", "direction", "heading"),
    [("de", "", "Antwort schreiben"), ("ar", ' dir="rtl"', "اترك ردًّا"), ("ja", "", "返信を書く")],
)
def test_it_speaks_the_language_it_is_asked_for(
    reader: Client, language: str, direction: str, heading: str
) -> None:
    for page in (
        reader.get(f"{ADDRESS}&lang={language}"),
        reader.get(ADDRESS, headers={"Accept-Language": f"{language}, en;q=0.5"}),
    ):
        html = page.content.decode()
        assert f'<html lang="{language}"{direction}>' in html
        assert heading in html
        assert page.headers["Content-Language"] == language


def test_arabic_has_a_word_for_each_kind_of_number(reader: Client, comment: Comment) -> None:
    CommentFactory(thread=comment.thread)
    assert "ردّان" in reader.get(f"{ADDRESS}&lang=ar").content.decode()


def test_the_language_stays_when_a_link_is_followed(reader: Client, comment: Comment) -> None:
    html = reader.get(f"{ADDRESS}&lang=de").content.decode()
    links = re.findall(r'href="(\?[^"]+reply=[^"]+)"', html)
    assert links
    assert all("lang=de" in unescape(link) for link in links)


# For a site's own backend


def test_a_fragment_is_the_thread_alone(reader: Client, comment: Comment) -> None:
    answer = reader.get(f"{ADDRESS}&fragment=1")
    html = answer.content.decode()
    assert html.startswith('<section class="leave-a-reply-thread" lang="en">')
    assert 'itemtype="https://schema.org/Comment"' in html
    assert "A remark." in html
    assert "<form" not in html
    assert "max-age=60" in answer.headers["Cache-Control"]


def test_links_of_a_fragment_lead_here_from_any_page(reader: Client, comment: Comment) -> None:
    html = reader.get(f"{ADDRESS}&fragment=1").content.decode()
    places = [link for link in re.findall(r'href="([^"]*)"', html) if not link.startswith("#")]
    assert places
    assert all(link.startswith("http") for link in places)


@pytest.mark.parametrize("change", ["paused", "closed", "members"])
def test_a_fragment_leads_to_no_form_where_nobody_can_write(
    reader: Client, comment: Comment, change: str
) -> None:
    fragment = f"{ADDRESS}&fragment=1"
    assert "#leave-a-reply" in reader.get(fragment).content.decode()
    if change == "closed":
        Thread.objects.update(closed_at=timezone.now())
    else:
        policy = Policy.objects.current(comment.site)
        policy.paused, policy.members_only = change == "paused", change == "members"
        Policy.objects.append(policy)
    html = reader.get(fragment).content.decode()
    assert "A remark." in html
    assert "#leave-a-reply" not in html
    told = {"paused": "Replies are paused", "closed": "takes no more", "members": "signed in"}
    assert told[change] in html


def test_a_fragment_shows_nothing_that_waits(reader: Client, comment: Comment) -> None:
    Comment.objects.update(status="held")
    assert "A remark." not in reader.get(f"{ADDRESS}&fragment=1").content.decode()
