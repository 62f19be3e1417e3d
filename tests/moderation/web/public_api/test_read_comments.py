import pytest

from comments.models import Site, Status, Thread
from comments.privacy import tokens
from tests.conftest import Api
from tests.factories import CommentFactory, ThreadFactory


@pytest.fixture
def thread(site: Site) -> Thread:
    return ThreadFactory(site=site)


def read(reader: Api, thread: Thread, token: str = "", **query):
    headers = {"X-Edit-Token": token} if token else {}
    return reader.get("comments", {"thread": thread.url, **query}, headers=headers)


def ids(answer) -> list[str]:
    return [comment["id"] for comment in answer.json()["results"]]


def test_it_shows_approved_comments_only(reader: Api, thread: Thread) -> None:
    public = CommentFactory(thread=thread)
    for status in set(Status) - {Status.APPROVED}:
        CommentFactory(thread=thread, status=status)
    assert ids(read(reader, thread)) == [str(public.pk)]


def test_it_shows_the_callers_own_comment_while_it_waits(reader: Api, thread: Thread) -> None:
    own = CommentFactory(thread=thread, status=Status.HELD)
    CommentFactory(thread=thread, status=Status.HELD)
    assert ids(read(reader, thread, tokens.issue_edit_token(own))) == [str(own.pk)]


def test_it_does_not_show_the_callers_own_spam(reader: Api, thread: Thread) -> None:
    own = CommentFactory(thread=thread, status=Status.SPAM)
    assert ids(read(reader, thread, tokens.issue_edit_token(own))) == []


def test_a_cache_keeps_what_one_author_sees_from_others(reader: Api, thread: Thread) -> None:
    assert "X-Edit-Token" in read(reader, thread).headers["Vary"]


def test_a_forged_token_shows_nothing(reader: Api, thread: Thread) -> None:
    own = CommentFactory(thread=thread, status=Status.PENDING)
    assert ids(read(reader, thread, f"{own.pk.hex}:forged")) == []


def test_a_glimpse_is_no_edit_token(reader: Api, thread: Thread) -> None:
    own = CommentFactory(thread=thread, status=Status.PENDING)
    assert ids(read(reader, thread, tokens.issue_view_token(own.pk))) == []


def test_it_nests_replies_below_what_they_answer(reader: Api, thread: Thread) -> None:
    top = CommentFactory(thread=thread)
    reply = CommentFactory(thread=thread, parent=top)
    deeper = CommentFactory(thread=thread, parent=reply)
    (tree,) = read(reader, thread).json()["results"]
    assert tree["replies"][0]["id"] == str(reply.pk)
    assert tree["replies"][0]["replies"][0]["id"] == str(deeper.pk)


@pytest.mark.parametrize("gone", [Status.DELETED, Status.REJECTED, Status.SPAM, Status.HELD])
def test_a_comment_that_is_gone_leaves_its_place_to_its_replies(
    reader: Api, thread: Thread, gone: Status
) -> None:
    top = CommentFactory(thread=thread, status=gone, body="what it said")
    middle = CommentFactory(thread=thread, status=gone, parent=top, body="what it said")
    CommentFactory(thread=thread, parent=middle)
    answer = read(reader, thread)
    (tree,) = answer.json()["results"]
    assert (tree["status"], tree["author_name"], tree["body_html"]) == ("deleted", "", "")
    assert "what it said" not in answer.content.decode()
    assert len(tree["replies"][0]["replies"]) == 1


def test_it_comes_in_pages_that_leave_nothing_out(reader: Api, thread: Thread) -> None:
    written = {str(comment.pk) for comment in CommentFactory.create_batch(25, thread=thread)}
    first = read(reader, thread, limit=20)
    second = reader.client.get(first.json()["next"])
    assert set(ids(first)) | set(ids(second)) == written
    assert second.json()["next"] is None


def test_it_is_newest_first_or_oldest_first(reader: Api, thread: Thread) -> None:
    a, b = CommentFactory.create_batch(2, thread=thread)
    assert ids(read(reader, thread)) == [str(b.pk), str(a.pk)]
    assert ids(read(reader, thread, sort="oldest")) == [str(a.pk), str(b.pk)]


def test_it_is_best_first(reader: Api, thread: Thread) -> None:
    ranks = [0.1, 0.9, -0.2, 0.0, 0.0]
    comments = [CommentFactory(thread=thread, best=rank) for rank in ranks]
    expected = [str(comments[place].pk) for place in (1, 0, 4, 3, 2)]
    assert ids(read(reader, thread, sort="best")) == expected


@pytest.mark.parametrize(
    "query", [{"sort": "worst"}, {"limit": 0}, {"limit": 101}, {"limit": "x"}, {"around": "x"}]
)
def test_a_question_that_makes_no_sense_is_told_so(
    reader: Api, thread: Thread, query: dict[str, object]
) -> None:
    answer = read(reader, thread, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_it_tells_how_many_comments_there_are(reader: Api, thread: Thread) -> None:
    top = CommentFactory(thread=thread)
    CommentFactory(thread=thread, parent=top)
    CommentFactory(thread=thread, status=Status.HELD)
    assert read(reader, thread).json()["count"] == 2


def test_a_long_thread_takes_as_few_queries_as_a_short_one(
    reader: Api, thread: Thread, django_assert_max_num_queries
) -> None:
    for top in CommentFactory.create_batch(5, thread=thread):
        CommentFactory.create_batch(3, thread=thread, parent=top)
    with django_assert_max_num_queries(7):
        read(reader, thread)


def test_an_unchanged_thread_is_not_sent_again(reader: Api, thread: Thread) -> None:
    CommentFactory(thread=thread)
    etag = read(reader, thread).headers["ETag"]
    query = {"thread": thread.url}
    answer = reader.get("comments", query, headers={"If-None-Match": etag})
    assert answer.status_code == 304


def test_one_page_has_one_thread_however_its_address_is_written(reader: Api, site: Site) -> None:
    thread = ThreadFactory(site=site, url="https://news.example/a?b=1")
    CommentFactory(thread=thread)
    for url in ("https://NEWS.example:443/a?b=1#c", "https://news.example/a?b=1"):
        assert len(ids(reader.get("comments", {"thread": url}))) == 1


@pytest.mark.parametrize(
    "cursor", ["x", "a", "a" * 33, "c" + "0" * 32 + "1", "a" + "0" * 32 + "nan", "b" + "g" * 40]
)
def test_a_cursor_that_is_not_ours_is_refused(reader: Api, thread: Thread, cursor: str) -> None:
    CommentFactory(thread=thread)
    assert read(reader, thread, cursor=cursor).status_code == 404


def test_a_thread_that_nobody_wrote_in_is_empty(reader: Api) -> None:
    assert ids(reader.get("comments", {"thread": "https://news.example/new"})) == []


def test_it_asks_which_page_is_meant(reader: Api) -> None:
    assert reader.get("comments").status_code == 400


def test_another_sites_thread_is_not_shown(reader: Api) -> None:
    foreign = CommentFactory()
    assert ids(reader.get("comments", {"thread": foreign.thread.url})) == []


def test_no_answer_holds_anything_of_the_author_but_name_and_website(
    reader: Api, thread: Thread
) -> None:
    comment = CommentFactory(thread=thread, address_digest="a" * 64, network_digest="b" * 64)
    text = read(reader, thread).content.decode()
    for secret in (
        comment.author.email_digest,
        comment.author.email_encrypted,
        str(comment.author.pk),
        comment.address_digest,
        comment.network_digest,
    ):
        assert secret not in text


# Counts.


def test_counts_answers_for_many_pages_at_once(
    reader: Api, thread: Thread, django_assert_num_queries
) -> None:
    CommentFactory.create_batch(2, thread=thread)
    CommentFactory(thread=thread, status=Status.SPAM)
    with django_assert_num_queries(3):
        answer = reader.get("counts", {"thread": [thread.url, "https://news.example/none"]})
    assert answer.json() == {"counts": {thread.url: 2, "https://news.example/none": 0}}


# One comment.


def test_a_public_comment_can_be_read_alone(reader: Api, thread: Thread) -> None:
    comment = CommentFactory(thread=thread)
    assert reader.get(f"comments/{comment.pk}").json()["id"] == str(comment.pk)


def test_an_author_can_read_what_became_of_a_comment(reader: Api, thread: Thread) -> None:
    comment = CommentFactory(thread=thread, status=Status.REJECTED)
    token = {"X-Edit-Token": tokens.issue_edit_token(comment)}
    assert reader.get(f"comments/{comment.pk}", headers=token).json()["status"] == "rejected"
    assert reader.get(f"comments/{comment.pk}").status_code == 404
