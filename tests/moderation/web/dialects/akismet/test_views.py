"""The Akismet protocol, as its clients rely on it."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import api_keys
from comments.models import Site
from moderation.management import tasks
from moderation.models import AkismetCheck, AkismetUsage, Ban, ContentFingerprint, Label
from moderation.models.ban import BanTarget
from moderation.web.dialects.akismet import forms, views
from tests.factories import PolicyFactory, SiteFactory
from tests.moderation.web.dialects.akismet.plugin import BLOG, URLENCODED, call, comment, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(akismet_key: str) -> str:
    return akismet_key


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
    other = api_keys.issue(site, scopes=["checks"], name="x", now=timezone.now()).secret
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

    monkeypatch.setattr(views, "check", fail)
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


@pytest.mark.usefixtures("still_clock")
def test_too_many_calls_wait_and_are_not_published(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    call("comment-check", comment(key))
    answer = call("comment-check", comment(key))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    "text",
    ["See " + "http://a.example " * 9, "A word that is held: gadgets"],
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


@pytest.mark.parametrize(
    ("roles", "told_so"),
    [
        ("administrator", "false"),
        ("Editor,Administrator", "false"),
        ("administrator,super_admin", "false"),
        ("super_admin", "false"),
        ("subscriber", "true"),
        ("not_administrator,editor", "true"),
        ("", "true"),
    ],
)
def test_an_administrator_writes_no_spam(key: str, roles: str, told_so: str) -> None:
    fields = comment(key, honeypot_field_name="nick", nick="me", user_role=roles)
    assert told(call("comment-check", fields)) == told_so


@pytest.mark.parametrize("name", ["nick", "POST_nick", "hidden_honeypot_field"])
def test_who_fills_in_the_decoy_is_put_aside_but_not_discarded(key: str, name: str) -> None:
    answer = call("comment-check", comment(key, honeypot_field_name="nick", **{name: "me"}))
    assert told(answer) == "true"
    assert "X-akismet-pro-tip" not in answer.headers


@pytest.mark.parametrize("name", ["nick", "POST_nick", "hidden_honeypot_field"])
def test_a_decoy_that_is_left_empty_is_none(key: str, name: str) -> None:
    for fields in ({"honeypot_field_name": "nick", name: ""}, {name: "me"}):
        assert told(call("comment-check", comment(key, **fields))) == "false"


def test_who_is_banned_is_refused(key: str, site: Site) -> None:
    Ban.objects.create(site=site, target=BanTarget.DOMAIN, value="pills.example")
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
    other = api_keys.issue(SiteFactory(), scopes=["akismet"], name="x", now=timezone.now()).secret
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
    ContentFingerprint.objects.update(seen_at=timezone.now() - timedelta(days=61))
    tasks.purge()
    assert not AkismetCheck.objects.exists()
    assert not ContentFingerprint.objects.exists()


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


def usage() -> dict[str, int]:
    names = ("spam", "ham", "missed_spam", "false_positives")
    return AkismetUsage.objects.aggregate(**{name: Sum(name) for name in names})


def test_what_was_wrong_is_counted(key: str) -> None:
    call("comment-check", comment(key))
    call("comment-check", comment(key, comment_content="viagra"))
    call("submit-spam", comment(key))
    call("submit-ham", comment(key, comment_content="viagra"))
    assert usage() == {"spam": 1, "ham": 1, "missed_spam": 1, "false_positives": 1}


def test_what_was_right_is_no_mistake(key: str) -> None:
    call("comment-check", comment(key))
    call("submit-ham", comment(key))
    assert usage()["false_positives"] == 0


def test_saying_it_twice_counts_once(key: str) -> None:
    call("comment-check", comment(key))
    for _ in range(2):
        call("submit-spam", comment(key))
    assert usage()["missed_spam"] == 1


def test_without_a_key_nothing_is_learnt(key: str) -> None:
    assert told(call("submit-spam", comment("abcabcabcabc"))) == "invalid"
    assert not Label.objects.exists()
