"""The Akismet protocol, as its clients rely on it."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments import keys
from comments.models import Comment, KeyMode, Site, Status, Thread, User
from moderation import callbacks, checking, reviewing, screening, tasks
from moderation.dialects.akismet import forms
from moderation.models import AkismetCheck, AkismetUsage, Ban, Label, Sighting
from moderation.models.ban import Target
from moderation.verdicts import Verdict
from tests.factories import NOW, PolicyFactory, SiteFactory

pytestmark = pytest.mark.django_db
BLOG = "https://gazette.example"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def key(site: Site) -> str:
    return keys.issue(site, scopes=["akismet"], name="WordPress", now=timezone.now()).secret


def call(name: str, body: Any = "", *, host: str = "testserver", **options: Any) -> Any:
    data = urlencode(body) if isinstance(body, dict) else body
    options = {"content_type": URLENCODED, **options}
    return Client(headers={"Host": host}).post(f"/1.1/{name}", data, **options)


def told(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode()


def comment(key: str, **changes: str) -> dict[str, str]:
    return {
        "api_key": key,
        "blog": BLOG,
        "user_ip": "198.51.100.7",
        "comment_author": "Ann",
        "comment_author_email": "ann@mail.example",
        "comment_content": "What a thoughtful article.",
        "permalink": f"{BLOG}/article",
        **changes,
    }


# verify-key


@pytest.mark.parametrize("name", ["key", "api_key"])
def test_a_good_key_is_valid(key: str, name: str) -> None:
    assert told(call("verify-key", {name: key, "blog": BLOG})) == "valid"


def test_a_key_in_front_of_the_host_is_valid(key: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = [".rest.example.org"]
    host = f"{key.upper()}.rest.example.org"
    assert told(call("verify-key", {"blog": BLOG}, host=host)) == "valid"


@pytest.mark.parametrize("wrong", ["", "abcabcabcabc", "x", "lar_abc", "\x00"])
def test_a_bad_key_is_invalid(key: str, wrong: str) -> None:
    answer = call("verify-key", {"api_key": wrong, "blog": BLOG})
    assert told(answer) == "invalid"
    assert answer.headers["X-akismet-debug-help"]


def test_a_key_for_something_else_is_invalid(site: Site) -> None:
    other = keys.issue(site, scopes=["checks"], name="x", now=timezone.now()).secret
    assert told(call("verify-key", {"api_key": other, "blog": BLOG})) == "invalid"


@pytest.mark.parametrize("blog", ["", "http://", "http://[", "::"])
def test_a_website_that_makes_no_sense_is_invalid(key: str, blog: str) -> None:
    assert told(call("verify-key", {"api_key": key, "blog": blog})) == "invalid"


# comment-check


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("What a thoughtful article.", "false"),
        ("Buy viagra", "true"),
        ("A spammy thing", "true"),  # Held for its spam score.
        ("You idiot", "false"),  # Held, and not for spam.
        ("How vile", "true"),  # Rejected.
    ],
)
def test_spam_is_found_by_the_sites_rules(key: str, text: str, answer: str) -> None:
    assert told(call("comment-check", comment(key, comment_content=text))) == answer


def test_every_answer_has_an_id_of_its_own(key: str) -> None:
    answers = [
        call("comment-check", comment(key)),
        call("comment-check", comment(key)),
        call("comment-check", comment("abcabcabcabc")),
        call("comment-check", {"api_key": key}),
        call("comment-check"),
    ]
    ids = [answer.headers["X-akismet-guid"] for answer in answers]
    assert len(set(ids)) == len(ids)


def test_help_comes_with_errors_alone(key: str) -> None:
    assert "X-akismet-debug-help" not in call("comment-check", comment(key)).headers
    assert "X-akismet-debug-help" in call("comment-check", {"api_key": key}).headers


def test_a_fault_is_an_answer_with_an_id(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(checking, "check", fail)
    answer = call("comment-check", comment(key))
    assert told(answer) not in ("true", "false")
    assert answer.headers["X-akismet-guid"]


def test_without_a_classifier_the_site_is_told_nothing_to_publish_by(
    key: str, no_classifier: None
) -> None:
    answer = call("comment-check", comment(key))
    assert told(answer) not in ("true", "false")
    assert answer.headers["X-akismet-guid"]
    assert answer.headers["X-akismet-debug-help"]


def test_without_a_classifier_what_the_rules_alone_refuse_is_refused(
    key: str, no_classifier: None
) -> None:
    fields = comment(key, honeypot_field_name="nick", nick="me")
    assert told(call("comment-check", fields)) == "true"


@pytest.mark.parametrize("name", ["comment-check", "submit-spam", "submit-ham", "deactivate"])
def test_reading_an_address_changes_nothing(key: str, name: str) -> None:
    answer = Client().get(f"/1.1/{name}", comment(key))
    assert told(answer) == "error"
    assert not AkismetUsage.objects.exists()
    assert not Label.objects.exists()


def test_too_many_calls_wait_and_are_not_published(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    call("comment-check", comment(key))
    answer = call("comment-check", comment(key))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    "text",
    ["See http://a.example http://b.example http://c.example", "A word that is held: gadgets"],
)
def test_what_is_held_for_looking_like_spam_is_spam(key: str, site: Site, text: str) -> None:
    PolicyFactory(site=site, held_words=["gadgets"])
    assert told(call("comment-check", comment(key, comment_content=text))) == "true"


@pytest.mark.parametrize("missing", ["blog", "user_ip"])
def test_a_field_that_is_missing_is_named(key: str, missing: str) -> None:
    fields = comment(key)
    del fields[missing]
    assert told(call("comment-check", fields)) == f"Missing required field: {missing}."


def test_an_address_may_be_kept_back(key: str) -> None:
    assert told(call("comment-check", comment(key, user_ip=""))) == "false"


@pytest.mark.parametrize(
    "author",
    [
        {"comment_author": "akismet-guaranteed-spam"},
        {"comment_author_email": "akismet-guaranteed-spam@example.com"},
    ],
)
def test_who_tries_it_out_gets_spam_to_discard(key: str, author: dict) -> None:
    answer = call("comment-check", comment(key, **author))
    assert told(answer) == "true"
    assert answer.headers["X-akismet-pro-tip"] == "discard"


def test_an_administrator_writes_no_spam(key: str) -> None:
    fields = comment(key, comment_content="viagra", user_role="administrator")
    assert told(call("comment-check", fields)) == "false"


def test_who_fills_in_the_decoy_is_discarded(key: str) -> None:
    answer = call("comment-check", comment(key, honeypot_field_name="nick", nick="me"))
    assert told(answer) == "true"
    assert answer.headers["X-akismet-pro-tip"] == "discard"


def test_who_is_banned_is_refused(key: str, site: Site) -> None:
    Ban.objects.create(site=site, target=Target.DOMAIN, value="pills.example")
    fields = comment(key, comment_author_url="https://www.pills.example/x")
    assert told(call("comment-check", fields)) == "true"


LONG = "I have found a very good place to buy garden furniture at a discount."


@pytest.mark.parametrize(
    "other", [{"comment_author": "Bob"}, {"permalink": f"{BLOG}/another"}, {"user_ip": "192.0.2.9"}]
)
def test_the_same_text_from_elsewhere_is_spam(key: str, other: dict) -> None:
    assert told(call("comment-check", comment(key, comment_content=LONG))) == "false"
    fields = comment(key, comment_content=LONG, **other)
    assert told(call("comment-check", fields)) == "true"


def test_another_look_at_the_same_comment_is_no_repetition(key: str) -> None:
    for reason in ("", "recheck_queue"):
        fields = comment(key, comment_content=LONG, recheck_reason=reason)
        assert told(call("comment-check", fields)) == "false"


def test_what_many_people_write_is_no_repetition(key: str) -> None:
    for name in ("Ann", "Bob"):
        fields = comment(key, comment_content="Thank you!", comment_author=name)
        assert told(call("comment-check", fields)) == "false"


def test_another_site_has_seen_nothing(key: str) -> None:
    call("comment-check", comment(key, comment_content=LONG))
    other = keys.issue(SiteFactory(), scopes=["akismet"], name="x", now=timezone.now()).secret
    fields = comment(other, comment_content=LONG, comment_author="Bob")
    assert told(call("comment-check", fields)) == "false"


def test_no_text_and_no_person_is_kept(key: str) -> None:
    call("comment-check", comment(key, comment_content="viagra for sale"))
    row = str(AkismetCheck.objects.values().get())
    assert all(word not in row for word in ("viagra", "Ann", "mail.example", "198.51"))


@pytest.mark.parametrize("value", ["true", "True", "1", "yes"])
def test_a_test_is_not_kept(key: str, value: str) -> None:
    call("comment-check", comment(key, is_test=value))
    assert not AkismetCheck.objects.exists()
    assert not AkismetUsage.objects.exists()


def test_old_checks_are_forgotten(key: str, settings: Any) -> None:
    call("comment-check", comment(key))
    AkismetCheck.objects.update(created_at=timezone.now() - timedelta(days=61))
    Sighting.objects.update(seen_at=timezone.now() - timedelta(days=61))
    tasks.forget()
    assert not AkismetCheck.objects.exists()
    assert not Sighting.objects.exists()


# What is sent.


def test_a_text_in_another_charset_is_read(key: str) -> None:
    fields = comment(key)
    del fields["comment_content"]
    text = quote_from_bytes("viagra für alle".encode("iso-8859-1"))
    body = f"{urlencode(fields)}&comment_content={text}"
    charset = f"{URLENCODED}; charset=ISO-8859-1"
    assert told(call("comment-check", body, content_type=charset)) == "true"


def test_the_charset_of_the_blog_is_believed(rf: Any) -> None:
    body = b"comment_author=M\xfcller&blog_charset=windows-1252"
    request = rf.generic("POST", "/x", body, content_type=URLENCODED)
    assert forms.read(request)["comment_author"] == "Müller"


@pytest.mark.parametrize("charset", ["utf8", "zip", "bz2_codec", "nonsense", ""])
def test_a_charset_that_is_none_is_utf_8(rf: Any, charset: str) -> None:
    content_type = f"{URLENCODED}; charset={charset}"
    request = rf.generic("POST", "/x", b"a=%C3%BC", content_type=content_type)
    assert forms.read(request) == {"a": "ü"}


def test_bare_keys_arrays_and_thousands_of_fields_are_read(key: str) -> None:
    extra = "&".join(f"POST_{n}=x" for n in range(5000))
    body = f"{urlencode(comment(key))}&comment_author_url&comment_context%5B0%5D=a&{extra}"
    assert told(call("comment-check", body)) == "false"


def test_a_multipart_form_is_read(key: str) -> None:
    answer = Client().post("/1.1/comment-check", comment(key, comment_content="viagra"))
    assert told(answer) == "true"


def test_a_body_in_chunks_is_read(rf: Any) -> None:
    request = rf.generic("POST", "/x", b"", content_type=URLENCODED)
    request.META |= {"wsgi.input": BytesIO(b"comment_author=Ann"), "wsgi.input_terminated": True}
    assert forms.read(request) == {"comment_author": "Ann"}


def test_a_huge_text_is_cut(key: str) -> None:
    fields = comment(key, comment_content="viagra " + "x" * 5_000_000)
    assert told(call("comment-check", fields)) == "true"


def test_nothing_is_redirected(key: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert told(call("verify-key", {"api_key": key, "blog": BLOG})) == "valid"


@given(body=st.binary(max_size=300), kind=st.sampled_from([URLENCODED, "multipart/form-data", ""]))
def test_nothing_that_is_sent_is_a_fault(body: bytes, kind: str) -> None:
    from django.test import RequestFactory

    boundary = "; boundary=b" if kind.startswith("multipart") else ""
    request = RequestFactory().generic("POST", "/x", body, content_type=kind + boundary)
    assert all("\x00" not in value for value in forms.read(request).values())


# submit-spam, submit-ham


def test_a_person_says_what_it_was(key: str, site: Site) -> None:
    assert told(call("submit-spam", comment(key))) == "Thanks for making the web a better place."
    label = Label.objects.get(site=site)
    assert (label.category, label.value) == ("SPAM", True)


def test_what_was_wrong_is_counted(key: str) -> None:
    call("comment-check", comment(key))
    call("comment-check", comment(key, comment_content="viagra"))
    call("submit-spam", comment(key))
    call("submit-ham", comment(key, comment_content="viagra"))
    usage = AkismetUsage.objects.get()
    assert (usage.spam, usage.ham) == (1, 1)
    assert (usage.missed_spam, usage.false_positives) == (1, 1)


def test_what_was_right_is_no_mistake(key: str) -> None:
    call("comment-check", comment(key))
    call("submit-ham", comment(key))
    assert AkismetUsage.objects.get().false_positives == 0


def test_saying_it_twice_counts_once(key: str) -> None:
    call("comment-check", comment(key))
    for _ in range(2):
        call("submit-spam", comment(key))
    assert AkismetUsage.objects.get().missed_spam == 1


def test_without_a_key_nothing_is_learnt(key: str) -> None:
    assert told(call("submit-spam", comment("abcabcabcabc"))) == "invalid"
    assert not Label.objects.exists()


# The queue.


@pytest.fixture
def queueing(site: Site) -> str:
    return keys.issue(
        site,
        scopes=["akismet"],
        name="WordPress",
        now=timezone.now(),
        mode=KeyMode.QUEUE,
    ).secret


def queued(key: str, callback: str = f"{BLOG}/wp-json/akismet/v1/webhook") -> Any:
    fields = comment(key, comment_content="You idiot", callback=callback, comment_post_ID="7")
    return call("comment-check", fields)


def decide(moderator: User, verdict: Verdict) -> None:
    screening.screen(now=NOW)
    held = Comment.objects.get()
    ruling = reviewing.Ruling(comment_id=held.pk, revision=1, verdict=verdict)
    reviewing.resolve([ruling], moderator=moderator, now=NOW)


def test_what_is_held_waits_for_a_person(queueing: str) -> None:
    answer = queued(queueing)
    assert told(answer) == "false"
    assert int(answer.headers["X-akismet-recheck-after"]) > 0
    screening.screen(now=NOW)
    assert Comment.objects.get().status == Status.HELD


def test_what_is_clear_waits_for_nobody(queueing: str) -> None:
    for text, expected in (("Thanks", "false"), ("viagra", "true")):
        answer = call("comment-check", comment(queueing, comment_content=text))
        assert told(answer) == expected
        assert "X-akismet-recheck-after" not in answer.headers
    assert not Comment.objects.exists()


class Sent:
    """Stands in for the network: what was sent, and what comes back."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.succeeds = True

    def __call__(self, method: str, url: str, *, body: bytes, headers: dict) -> Any:
        import json

        from moderation.outgoing import Answer

        message = json.loads(body)
        self.seen.append({"url": url, "headers": headers, "body": message})
        status = "success" if self.succeeds else "error"
        comments = {c["guid"]: {"status": status} for c in message["comments"]}
        return Answer(200, {}, json.dumps({"comments": comments}).encode(), 0.1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    sent = Sent()
    monkeypatch.setattr("moderation.callbacks.outgoing.send", sent)
    return sent


@pytest.mark.parametrize(
    ("verdict", "result"),
    [(Verdict.APPROVE, "false"), (Verdict.SPAM, "true"), (Verdict.REJECT, "true")],
)
def test_the_site_hears_what_a_person_said(
    queueing: str, moderator: User, sent: Sent, verdict: Verdict, result: str
) -> None:
    guid = queued(queueing).headers["X-akismet-guid"]
    decide(moderator, verdict)
    later = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=later)
    (message,) = sent.seen
    assert message["url"] == f"{BLOG}/wp-json/akismet/v1/webhook"
    assert message["headers"]["X-Akismet-Webhook"] == "1"
    assert message["body"] == {
        "key": queueing,
        "endpoint": "comment-check",
        "comments": [{"guid": guid, "result": result, "comment_post_ID": 7}],
    }
    assert not callbacks.call_back(now=later)
    assert AkismetCheck.objects.get().callback_key == ""


def test_nothing_is_told_while_it_can_be_undone(queueing: str, moderator: User, sent: Sent) -> None:
    queued(queueing)
    decide(moderator, Verdict.SPAM)
    Comment.objects.get().decisions.update(decided_at=timezone.now())
    assert not callbacks.call_back(now=timezone.now() + timedelta(seconds=10))


def test_nothing_is_told_before_it_is_decided(queueing: str, sent: Sent) -> None:
    queued(queueing)
    screening.screen(now=NOW)
    assert not callbacks.call_back(now=timezone.now() + timedelta(minutes=1))


def test_a_site_that_does_not_take_it_is_told_again(
    queueing: str, moderator: User, sent: Sent
) -> None:
    sent.succeeds = False
    queued(queueing)
    decide(moderator, Verdict.SPAM)
    now = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=now)
    assert not callbacks.call_back(now=now + timedelta(seconds=30))
    sent.succeeds = True
    assert callbacks.call_back(now=now + timedelta(minutes=2))
    assert AkismetCheck.objects.get().callback_state == "done"


@pytest.mark.parametrize(
    "callback", ["https://elsewhere.example/hook", "http://[", "", "https://10.0.0.1/"]
)
def test_who_can_not_be_told_later_is_told_now(queueing: str, callback: str) -> None:
    answer = queued(queueing, callback)
    assert told(answer) == "false"
    assert "X-akismet-recheck-after" not in answer.headers
    assert not Comment.objects.exists()


def test_asking_again_queues_nothing_twice(queueing: str, moderator: User, sent: Sent) -> None:
    queued(queueing)
    again = queued(queueing)
    assert "X-akismet-recheck-after" in again.headers
    decide(moderator, Verdict.SPAM)
    later = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=later)
    assert not callbacks.call_back(now=later)
    (message,) = sent.seen
    assert message["body"]["comments"][0]["guid"] == again.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    ("verdict", "answer"), [(Verdict.APPROVE, "false"), (Verdict.REJECT, "true")]
)
def test_what_a_person_has_said_is_the_answer_from_then_on(
    queueing: str, moderator: User, verdict: Verdict, answer: str
) -> None:
    queued(queueing)
    decide(moderator, verdict)
    again = queued(queueing)
    assert told(again) == answer
    assert "X-akismet-recheck-after" not in again.headers


def test_a_page_that_is_closed_here_takes_nothing_into_the_queue(queueing: str, site: Site) -> None:
    queued(queueing)
    Thread.objects.update(closed_at=NOW)
    fields = comment(queueing, comment_content="An idiot wrote this", callback=f"{BLOG}/hook")
    answer = call("comment-check", fields)
    assert told(answer) == "false"
    assert "X-akismet-recheck-after" not in answer.headers


def test_without_a_classifier_a_person_is_asked(queueing: str, no_classifier: None) -> None:
    assert "X-akismet-recheck-after" in queued(queueing).headers


def test_what_the_sites_own_moderator_says_is_a_decision_here(queueing: str) -> None:
    queued(queueing)
    screening.screen(now=NOW)
    call("submit-spam", comment(queueing, comment_content="You idiot"))
    assert Comment.objects.get().status == Status.SPAM


def test_our_moderators_word_stays(queueing: str, moderator: User) -> None:
    queued(queueing)
    decide(moderator, Verdict.APPROVE)
    call("submit-spam", comment(queueing, comment_content="You idiot"))
    assert Comment.objects.get().status == Status.APPROVED


# The account.


def get(name: str, **query: str) -> Any:
    return Client().get(f"/1.2/{name}", query)


def test_usage_is_what_was_used(key: str) -> None:
    call("comment-check", comment(key))
    assert get("usage-limit", api_key=key).json() == {
        "limit": "none",
        "usage": 1,
        "percentage": "0.00",
        "throttled": False,
    }
    assert get("usage-limit", api_key=key, extended="true").json()["upgrade"] is False


def test_the_sites_of_a_month(key: str) -> None:
    call("comment-check", comment(key))
    call("comment-check", comment(key, comment_content="viagra", blog="https://b.example"))
    month = timezone.now().strftime("%Y-%m")
    listed = get("key-sites", api_key=key, month=month, order="spam", limit="1").json()
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 1, 0)
    (row,) = listed[month]
    assert (row["site"], row["api_calls"], row["spam"]) == ("b.example", 1, 1)
    sheet = get("key-sites", api_key=key, month=month, format="csv").content.decode()
    assert sheet.splitlines()[2].startswith("b.example,1,1") or "gazette.example,1" in sheet


def test_the_statistics_are_counted(key: str) -> None:
    call("comment-check", comment(key, comment_content="viagra"))
    call("submit-ham", comment(key, comment_content="viagra"))
    told = call("get-stats", {"api_key": key, "blog": BLOG, "from": "6-months"}).json()
    assert (told["spam"], told["false_positives"], told["accuracy"]) == (1, 1, "0.00")
    assert told["breakdown"][timezone.now().strftime("%Y-%m")]["spam"] == 1


def test_the_subscription_is_active(key: str) -> None:
    told = call("get-subscription", {"api_key": key, "blog": BLOG}).json()
    assert told["status"] == "active"
    assert told["next_billing_date"] is False


def test_the_rest_of_the_protocol(key: str) -> None:
    assert told(call("deactivate", {"api_key": key})) == "deactivated"
    assert told(call("token", {"api_key": key}))
    assert told(Client().get("/1.1/test")) == "connected"
    assert told(call("verify-wpcom-key", {"user_id": "1", "api_key": key})) == "invalid"


@pytest.mark.parametrize(
    "name",
    ["usage-limit", "key-sites", "get-stats", "get-subscription", "deactivate", "token"],
)
def test_without_a_key_the_account_is_closed(site: Site, name: str) -> None:
    assert told(call(name, {"api_key": "abcabcabcabc"})) == "invalid"
