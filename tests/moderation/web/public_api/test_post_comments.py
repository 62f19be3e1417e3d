from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Author, Comment, Site, Status
from comments.privacy.form_tokens import issue_form_token
from moderation.models import Screening
from tests.conftest import Api
from tests.factories import (
    CommentFactory,
    PolicyFactory,
    SiteFactory,
    ThreadFactory,
)
from tests.submissions import EMAIL, VISITOR, post, submission


def pointers(answer) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def test_it_takes_a_comment_and_keeps_it_pending(reader: Api) -> None:
    answer = post(reader)
    assert answer.status_code == 201
    assert answer.json()["status"] == Status.PENDING
    assert Screening.objects.get().comment == Comment.objects.get(pk=answer.json()["id"])


def test_it_gives_the_author_a_token_that_shows_the_comment(reader: Api) -> None:
    mine = post(reader).json()
    page = reader.get(
        "comments", {"thread": "an-article"}, headers={"X-Edit-Token": mine["edit_token"]}
    )
    assert [comment["id"] for comment in page.json()["results"]] == [mine["id"]]


def test_it_never_answers_with_the_email_address(reader: Api) -> None:
    assert EMAIL not in post(reader).content.decode()


def test_it_stores_the_email_address_encrypted(reader: Api) -> None:
    post(reader)
    author = Author.objects.get()
    assert EMAIL not in author.email_encrypted
    assert EMAIL not in author.email_digest


def test_it_knows_an_author_again_by_the_address(reader: Api) -> None:
    post(reader)
    post(reader, author_email=EMAIL.upper(), author_name="Ann R.")
    assert Author.objects.get().name == "Ann R."


def test_it_sanitises_what_it_renders(reader: Api) -> None:
    body = "<script>alert(1)</script> **bold** [here](javascript:alert(1)) https://a.example"
    html = post(reader, body=body).json()["body_html"]
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<strong>bold</strong>" in html
    assert 'rel="nofollow ugc noopener"' in html


def test_it_takes_a_reply(reader: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    parent = CommentFactory(thread=thread)
    answer = post(reader, thread={"url": thread.url}, parent=str(parent.pk))
    assert answer.json()["depth"] == 1
    assert answer.json()["parent"] == str(parent.pk)


@pytest.mark.parametrize("status", [Status.SPAM, Status.HELD, Status.PENDING, Status.DELETED])
def test_it_refuses_a_reply_to_what_is_not_public(reader: Api, site: Site, status: Status) -> None:
    parent = CommentFactory(thread=ThreadFactory(site=site), status=status)
    answer = post(reader, thread={"key": parent.thread.key}, parent=str(parent.pk))
    assert answer.status_code == 400
    assert pointers(answer) == {"/parent"}


def test_it_refuses_a_parent_of_another_site(reader: Api) -> None:
    foreign = CommentFactory()
    answer = post(reader, parent=str(foreign.pk))
    assert answer.status_code == 400
    assert pointers(answer) == {"/parent"}


def test_it_refuses_replies_that_are_nested_too_deeply(reader: Api, site: Site) -> None:
    parent = CommentFactory(thread=ThreadFactory(site=site), depth=site.max_depth)
    answer = post(reader, thread={"key": parent.thread.key}, parent=str(parent.pk))
    assert answer.json()["type"].endswith(":too-deep")


def test_it_refuses_a_comment_on_a_closed_thread(reader: Api, site: Site) -> None:
    ThreadFactory(site=site, url="https://a.example/", closed_at=timezone.now())
    answer = post(reader, thread={"url": "https://a.example"})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":thread-closed")


def test_it_closes_threads_when_the_policy_says_so(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, close_after_days=14)
    old = timezone.now() - timedelta(days=15)
    thread = ThreadFactory(site=site, created_at=old)
    assert post(reader, thread={"key": thread.key}).status_code == 403


def test_it_asks_for_what_the_site_requires(reader: Api) -> None:
    answer = post(reader, author_name="", author_email="")
    assert answer.status_code == 400
    assert pointers(answer) == {"/author_name", "/author_email"}


def test_it_takes_anonymous_comments_where_the_site_allows_it(reader: Api, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(require_name=False, require_email=False)
    answer = post(reader, author_name="", author_email="")
    assert answer.status_code == 201
    assert Comment.objects.get().author is None


def test_it_does_not_let_anybody_publish_the_own_address_as_a_name(reader: Api) -> None:
    answer = post(reader, author_name=f"Ann <{EMAIL.upper()}>")
    assert pointers(answer) == {"/author_name"}


def test_it_refuses_a_comment_that_is_too_long(reader: Api) -> None:
    answer = post(reader, body="x" * 5001)
    assert pointers(answer) == {"/body"}
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", "nul \x00 byte"),
        ("body", ["not", "a", "string"]),
        ("body", {}),
        ("body", "   "),
        ("author_name", "\u3164"),
        ("author_name", "x" * 101),
        ("author_email", "no address"),
        ("author_url", "javascript:alert(1)"),
        ("parent", "no-uuid"),
        ("thread", {}),
        ("thread", "a string"),
        ("thread", {"url": "ftp://a.example/"}),
    ],
)
def test_it_names_the_field_that_is_wrong(reader: Api, field: str, value: object) -> None:
    answer = post(reader, **{field: value})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {pointer.split("/")[1] for pointer in pointers(answer)} == {field}


def test_it_refuses_a_lone_surrogate(reader: Api) -> None:
    answer = reader.post("comments", '{"body": "\\ud800"}')
    assert answer.status_code == 400
    assert "/body" in pointers(answer)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "3", '"text"', "{", "[" * 100_000, '{"a":' * 50_000, "\xff", "1" * 9999],
)
def test_it_answers_a_body_that_is_no_comment_with_a_problem(reader: Api, body: str) -> None:
    answer = reader.post("comments", body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_it_refuses_three_megabytes_before_reading_it(reader: Api) -> None:
    answer = reader.post("comments", '{"body": "' + "x" * 3_145_728 + '"}')
    assert answer.status_code == 413
    assert answer.json()["type"].endswith(":too-large")


def test_it_refuses_other_media_types(reader: Api) -> None:
    answer = reader.post("comments", "body=hello", content_type="text/plain")
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Ann", None),
        ("\u05d3\u05d5\u05d3\u200f", "\u05d3\u05d5\u05d3"),
        ("\u200e\u0645\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f"),
        ("Jo\u00adhanna", "Johanna"),
        ("\ufeffBo", "Bo"),
        ("overridden \u202e name", "overridden name"),
        ("line\nbreak", "line break"),
        ("Z" + "\u0301" * 400, "Z\u0301\u0301"),
    ],
)
def test_it_cleans_a_name_of_what_cannot_be_seen(
    reader: Api, typed: str, shown: str | None
) -> None:
    answer = post(reader, author_name=typed)
    assert answer.status_code == 201
    assert answer.json()["author_name"] == (shown or typed)


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "\u200d\u200d", "\u00ad", "\u0301", "\ue000"])
def test_it_refuses_a_name_of_which_nothing_can_be_seen(reader: Api, name: str) -> None:
    answer = post(reader, author_name=name)
    assert answer.status_code == 400
    assert pointers(answer) == {"/author_name"}


NOTHING_TO_READ = [
    "\u200b",
    "&nbsp;",
    "> ",
    "```\n\n```",
    "&#8203;",
    "&#x2800;",
    "\u0301\u0302",
    "![](https://a.example/b.png)",
    "[](https://a.example/)",
    "- ",
    "`\u202e`",
]


@pytest.mark.parametrize("body", NOTHING_TO_READ)
def test_it_refuses_a_comment_with_nothing_to_read(reader: Api, body: str) -> None:
    answer = post(reader, body=body)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "detail": "There is nothing to read in this comment.",
            "pointer": "/body",
            "code": "blank",
        }
    ]
    assert not Comment.objects.exists()


def test_it_filters_direction_controls_that_are_written_as_entities(reader: Api) -> None:
    assert post(reader, body="Hello &#x202e;dlrow").json()["body_html"] == "<p>Hello dlrow</p>"


def test_it_gives_the_text_back_without_what_reaches_beyond_it(reader: Api) -> None:
    body = post(reader, body="a\u202eb c" + "\u0301" * 400).json()["body"]
    assert body == "ab c\u0301\u0301"


def test_it_keeps_right_to_left_text_and_defuses_overrides_in_it(reader: Api) -> None:
    answer = post(reader, body="مرحبا \u202e world")
    assert answer.status_code == 201
    assert "\u202e" not in answer.json()["body_html"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80)
@given(
    changes=st.dictionaries(
        st.sampled_from(
            ["thread", "parent", "author_name", "author_email", "author_url", "body", "form_token"]
        ),
        json_values,
    )
)
def test_no_value_of_any_field_is_a_fault(reader: Api, changes: dict[str, object]) -> None:
    with patch("moderation.intake.quotas.LIMITS", ((10_000, timedelta(minutes=1)),)):
        assert post(reader, **changes).status_code in (201, 400, 413)


# Bots.


def bot_answer_and_human_answer(reader: Api, **bot: object) -> tuple[set[str], set[str]]:
    machine, person = post(reader, **bot), post(reader, body="Written by hand.")
    assert machine.status_code == person.status_code == 201
    return set(machine.json()), set(person.json())


def test_a_filled_decoy_gets_the_same_answer_as_anyone(reader: Api) -> None:
    machine, person = bot_answer_and_human_answer(reader, further_remark="bot@mail.example")
    assert machine == person


def test_a_forged_form_token_gets_the_same_answer_as_anyone(reader: Api) -> None:
    machine, person = bot_answer_and_human_answer(reader, form_token="forged")
    assert machine == person


def test_a_form_token_of_another_site_counts_as_forged(reader: Api) -> None:
    token, _ = issue_form_token(SiteFactory(), visitor=VISITOR, now=timezone.now())
    answer = post(reader, form_token=token)
    assert Comment.objects.get(pk=answer.json()["id"]).intake["form"]["state"] == "forged"


def test_an_old_form_token_counts_as_expired(reader: Api, site: Site) -> None:
    token, _ = issue_form_token(site, visitor=VISITOR, now=timezone.now() - timedelta(hours=25))
    answer = post(reader, form_token=token)
    assert Comment.objects.get(pk=answer.json()["id"]).intake["form"]["state"] == "expired"


# Limits.


@pytest.mark.usefixtures("still_clock")
def test_the_eleventh_comment_in_a_minute_must_wait(reader: Api) -> None:
    answers = [post(reader, body=f"Comment {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_the_limit_is_told_before_it_is_reached(reader: Api) -> None:
    answer = post(reader)
    assert answer.headers["RateLimit-Policy"] == '"60s";q=10;w=60, "3600s";q=60;w=3600'
    assert answer.headers["RateLimit"].startswith('"60s";r=9;')


def test_one_address_does_not_use_up_the_limit_of_another(reader: Api) -> None:
    for n in range(10):
        post(reader, body=f"Comment {n}")
    sent = submission(reader)
    answer = reader.post("comments", sent, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 201


@pytest.mark.usefixtures("still_clock")
def test_a_forwarded_address_is_not_believed_from_strangers(reader: Api) -> None:
    answers = [
        reader.post(
            "comments", submission(reader, body=f"{n}"), headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
        for n in range(11)
    ]
    assert answers[-1].status_code == 429


def test_a_trusted_proxy_is_believed(reader: Api, settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    answers = [
        reader.post(
            "comments", submission(reader, body=f"{n}"), headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )
        for n in range(11)
    ]
    assert answers[-1].status_code == 201


# Browsers.


def test_the_sites_own_pages_may_call(reader: Api, site: Site) -> None:
    own = site.origins[0]
    answer = reader.options("comments", headers={"Origin": own})
    assert answer.headers["Access-Control-Allow-Origin"] == own
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_other_sites_pages_may_not_call(reader: Api) -> None:
    sent = submission(reader)
    answer = reader.post("comments", sent, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":foreign-origin")
    assert not Comment.objects.exists()


def test_no_cookie_is_set(reader: Api) -> None:
    assert not post(reader).cookies
