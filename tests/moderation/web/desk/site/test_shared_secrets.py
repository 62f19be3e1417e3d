"""The page of secrets that a site shares with us, for its owners."""

import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import reverse

from comments.accounts import shared_secrets
from comments.accounts.shared_secrets import SecretUse
from comments.models import Role, Site
from moderation.models import AuditEntry
from tests.moderation.web.desk.desk import member, read

PEM = (
    Ed25519PrivateKey.generate()
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def page_of(site: Site) -> str:
    return reverse("admin:comments_site_shared_secrets", args=[site.pk])


def press(site: Site, **data: str) -> Any:
    return member(Role.OWNER, site).post(page_of(site), data)


def make(site: Site) -> str:
    page = press(site, do="make").content.decode()
    shown = re.search(r'id="secret" readonly value="([^"]+)"', page)
    assert shown
    return shown[1]


def valid(site: Site, use: SecretUse = SecretUse.SIGN_ON) -> list[str]:
    return shared_secrets.valid(Site.objects.get(pk=site.pk), use)


def trail() -> list[tuple[str, dict[str, str]]]:
    return list(AuditEntry.objects.order_by("id").values_list("act", "detail"))


def test_a_new_secret_is_shown_once_and_written_down(site: Site) -> None:
    secret = make(site)
    assert valid(site) == [secret]
    assert secret not in read(member(Role.OWNER, site), page_of(site))
    assert trail() == [("SECRET_SET", {"secret": "sign_on"})]
    assert secret not in str(AuditEntry.objects.values())


def test_the_former_one_is_valid_until_it_is_dropped(site: Site) -> None:
    former, secret = make(site), make(site)
    assert valid(site) == [secret, former]
    assert "The former one is valid, too" in read(member(Role.OWNER, site), page_of(site))
    press(site, do="drop", use="sign_on")
    assert valid(site) == [secret]
    assert trail()[-1] == ("SECRET_DROPPED", {"secret": "sign_on", "which": "former"})


def test_of_three_the_two_newest_are_valid(site: Site) -> None:
    _, former, secret = make(site), make(site), make(site)
    assert valid(site) == [secret, former]


def test_single_sign_on_is_switched_off(site: Site) -> None:
    make(site), make(site)
    press(site, do="end", use="sign_on")
    assert valid(site) == []


def test_corals_secret_is_taken_and_the_former_one_kept(site: Site) -> None:
    for secret in ("one", " two "):
        assert press(site, do="coral", secret=secret).status_code == 302
    assert valid(site, SecretUse.CORAL) == ["two", "one"]
    assert valid(site) == []


@pytest.mark.parametrize("secret", ["", " ", "x" * 501, "one"])
def test_what_is_no_new_secret_is_refused_and_ends_none(site: Site, secret: str) -> None:
    press(site, do="coral", secret="zero")
    press(site, do="coral", secret="one")
    answer = press(site, do="coral", secret=secret)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert valid(site, SecretUse.CORAL) == ["one", "zero"]


def test_a_key_is_trusted_and_no_more(site: Site) -> None:
    press(site, do="public_key", pem=PEM)
    assert PEM.strip() in read(member(Role.OWNER, site), page_of(site))
    press(site, do="no_public_key")
    assert Site.objects.get().sign_on_public_key == ""
    assert [act for act, _ in trail()] == ["SECRET_SET", "SECRET_DROPPED"]


@pytest.mark.parametrize("data", [{"do": "public_key", "pem": "x"}, {"do": "end", "use": "x"}])
def test_what_makes_no_sense_is_refused(site: Site, data: dict[str, str]) -> None:
    assert press(site, **data).status_code == 400
    assert trail() == []
