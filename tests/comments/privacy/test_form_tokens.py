"""A form is good for one site, one act and one visitor, and for a while."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Site
from comments.privacy.form_tokens import Act, Visitor, issue_form_token, read_form_token
from tests.factories import SiteFactory

NOW = timezone.now()
ANN = Visitor("192.0.2.7", "Firefox")
SITE = SiteFactory.build(slug="gazette")


def state(given_to: Visitor, sent_by: Visitor, *, act: str = Act.COMMENT) -> str:
    token, _ = issue_form_token(SITE, visitor=given_to, now=NOW)
    return read_form_token(token, SITE, visitor=sent_by, now=NOW, act=act).state


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "valid"),
        ("192.0.2.200", "valid"),
        ("::ffff:192.0.2.9", "valid"),
        ("192.0.3.7", "foreign"),
        ("2001:db8::1", "foreign"),
        ("", "foreign"),
    ],
)
def test_a_reader_may_move_within_the_network(address: str, expected: str) -> None:
    assert state(ANN, ANN._replace(address=address)) == expected


@pytest.mark.parametrize(
    ("address", "expected"), [("2001:db8::ffff", "valid"), ("2001:db8:0:1::1", "foreign")]
)
def test_of_ipv6_a_network_is_what_one_line_has(address: str, expected: str) -> None:
    assert state(Visitor("2001:db8::1", "x"), Visitor(address, "x")) == expected


def test_another_browser_is_another_visitor() -> None:
    assert state(ANN, ANN._replace(user_agent="curl")) == "foreign"


@pytest.mark.parametrize("act", [Act.VOTE, Act.REPORT, "status abc"])
def test_a_form_for_one_act_is_none_for_another(act: str) -> None:
    assert state(ANN, ANN, act=act) == "forged"


@pytest.mark.django_db
def test_a_token_outlasts_a_change_of_the_secret_key(settings) -> None:
    token, _ = issue_form_token(SITE, visitor=ANN, now=NOW)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert read_form_token(token, SITE, visitor=ANN, now=NOW).state == "valid"


def test_two_tokens_do_not_tell_that_one_visitor_has_both() -> None:
    from django.core import signing

    tokens = [issue_form_token(SITE, visitor=ANN, now=NOW)[0] for _ in range(2)]
    bindings = {signing.loads(token, salt="leave-a-reply.form")[-1] for token in tokens}
    assert len(bindings) == 2


def test_it_expires() -> None:
    token, _ = issue_form_token(SITE, visitor=ANN, now=NOW)
    later = NOW + timedelta(hours=SITE.form_hours, seconds=1)
    assert read_form_token(token, SITE, visitor=ANN, now=later).state == "expired"


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_sent_breaks_it(token: str, address: str, agent: str) -> None:
    site: Site = SITE
    read = read_form_token(token, site, visitor=Visitor(address, agent), now=NOW)
    assert read.state in ("missing", "forged")
