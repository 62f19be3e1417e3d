"""Single sign-on: a site's own word on who its reader is, used once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.utils import timezone

from comments.accounts import shared_secrets, single_sign_on
from comments.accounts.shared_secrets import SecretUse
from comments.models import Author, Comment, Site, Status, UsedToken
from moderation.screening import screen
from tests.conftest import Api, server
from tests.factories import AuthorFactory, CommentFactory, PolicyFactory, SiteFactory
from tests.moderation.management.test_commands import run_json
from tests.submissions import submission

pytestmark = pytest.mark.django_db
EMAIL = "greta@staff.example"


@pytest.fixture
def secret(site: Site) -> str:
    return single_sign_on.generate_secret(site)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(timezone.now().timestamp())
    whole = {
        "sub": "42",
        "name": "Greta",
        "email": EMAIL,
        "iat": now,
        "exp": now + 300,
        "aud": "gazette",
        "jti": uuid4().hex,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def sign(secret: Any, *, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), secret, algorithm=algorithm)


def exchange(reader: Api, token: str) -> Any:
    return reader.post("sign-on", {"token": token})


def test_a_token_is_exchanged_for_one_that_posts(reader: Api, secret: str) -> None:
    told = exchange(reader, sign(secret)).json()
    assert told["name"] == "Greta"
    sent = submission(reader, reader_token=told["reader_token"])
    del sent["author_name"], sent["author_email"]
    answer = reader.post("comments", sent)
    assert answer.status_code == 201, answer.content
    assert Comment.objects.get().author_name == "Greta"


def test_who_is_signed_on_is_verified(reader: Api, secret: str) -> None:
    token = exchange(reader, sign(secret)).json()["reader_token"]
    reader.post("comments", submission(reader, reader_token=token))
    assert Author.objects.get().verified_at is not None


def test_a_typed_address_verifies_nobody(reader: Api) -> None:
    reader.post("comments", submission(reader))
    assert Author.objects.get().verified_at is None


def test_a_name_that_was_typed_does_not_outweigh_the_sites_word(reader: Api, secret: str) -> None:
    token = exchange(reader, sign(secret)).json()["reader_token"]
    reader.post("comments", submission(reader, reader_token=token, author_name="The Mayor"))
    assert Comment.objects.get().author_name == "Greta"


def test_no_token_tells_the_address(reader: Api, secret: str) -> None:
    assert EMAIL not in exchange(reader, sign(secret)).content.decode()


def test_a_token_is_used_once(reader: Api, secret: str) -> None:
    token = sign(secret)
    assert exchange(reader, token).status_code == 200
    again = exchange(reader, token)
    assert again.status_code == 401
    assert again.json()["type"].endswith(":sign-on-refused")


NOW = int(timezone.now().timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW - 3600, "iat": NOW - 3700},
        {"iat": NOW + 3600, "exp": NOW + 3700},
        {"exp": NOW + 86400},
        {"exp": "soon"},
        {"aud": "another"},
        {"aud": None},
        {"jti": None},
        {"sub": None},
        {"email": None},
        {"email": "nobody"},
        {"name": ""},
        {"name": "\u3164"},
    ],
)
def test_a_token_that_makes_no_sense_is_refused(reader: Api, secret: str, changes: dict) -> None:
    try:
        token = sign(secret, **changes)
    except TypeError:
        pytest.fail("the token could not even be made")
    assert exchange(reader, token).status_code == 401
    assert not UsedToken.objects.exists()


def test_a_token_of_somebody_elses_is_refused(reader: Api, secret: str) -> None:
    assert exchange(reader, sign("x" * 43)).status_code == 401


def test_an_unsigned_token_is_refused(reader: Api, secret: str) -> None:
    assert exchange(reader, sign(None, algorithm="none")).status_code == 401


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "." * 4000])
def test_what_is_no_token_is_refused(reader: Api, secret: str, token: str) -> None:
    assert exchange(reader, token).status_code == 401


def test_a_site_that_set_nothing_up_signs_nobody_on(reader: Api) -> None:
    assert exchange(reader, sign("x" * 43)).status_code == 401


def pem(private: Any) -> tuple[str, str]:
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def test_a_site_signs_with_its_own_key(reader: Api, site: Site, tmp_path: Any) -> None:
    private, public = pem(Ed25519PrivateKey.generate())
    (tmp_path / "key.pem").write_text(public)
    run_json("set_sign_on", site.slug, "--public-key", str(tmp_path / "key.pem"))
    assert exchange(reader, sign(private, algorithm="EdDSA")).status_code == 200


def test_a_public_key_is_no_secret(reader: Api, site: Site) -> None:
    _, public = pem(Ed25519PrivateKey.generate())
    single_sign_on.set_public_key(site, public)
    forged = jwt.api_jws.PyJWS().encode(b"{}", b"x" * 32, algorithm="HS256")
    assert exchange(reader, forged).status_code == 401


def test_another_kind_of_key_is_refused(site: Site) -> None:
    _, public = pem(generate_private_key(65537, 2048))
    with pytest.raises(ValueError, match="Ed25519"):
        single_sign_on.set_public_key(site, public)


def test_a_secret_is_stored_encrypted(site: Site) -> None:
    told = run_json("set_sign_on", site.slug)
    assert told["secret"] not in Site.objects.get().sign_on_secret


def test_a_reader_token_is_good_at_its_site_for_a_while(site: Site) -> None:
    reader, now = single_sign_on.SignedOnReader("Greta", EMAIL), timezone.now()
    token = single_sign_on.issue_reader_token(reader, site=site, now=now)
    assert single_sign_on.read_reader_token(token, site=site, now=now) == reader
    with pytest.raises(single_sign_on.InvalidSignOnToken):
        single_sign_on.read_reader_token(token, site=site, now=now + timedelta(hours=13))
    with pytest.raises(single_sign_on.InvalidSignOnToken):
        single_sign_on.read_reader_token(token, site=SiteFactory(), now=now)


def test_a_comment_with_a_bad_reader_token_is_not_taken(reader: Api) -> None:
    answer = reader.post("comments", submission(reader, reader_token="x"))
    assert answer.status_code == 401
    assert not Comment.objects.exists()


def test_a_server_sends_the_token_along(site: Site, secret: str) -> None:
    api = server(site, "comments")
    sent = {"thread": {"key": "a"}, "body": "Hello", "sign_on": sign(secret)}
    assert api.post("comments", sent).status_code == 201
    assert Author.objects.get().verified_at is not None
    assert api.post("comments", sent).status_code == 401


def test_a_comment_that_was_refused_uses_up_no_token(site: Site, secret: str) -> None:
    api = server(site, "comments")
    sent = {"thread": {"key": "a"}, "body": "", "sign_on": sign(secret)}
    assert api.post("comments", sent).status_code == 400
    assert api.post("comments", {**sent, "body": "Hello"}).status_code == 201


def test_two_secrets_are_good_until_the_former_one_is_dropped(reader: Api, site: Site) -> None:
    oldest, former, secret = (single_sign_on.generate_secret(site) for _ in range(3))
    statuses = [exchange(reader, sign(each)).status_code for each in (oldest, former, secret)]
    assert statuses == [401, 200, 200]
    shared_secrets.drop_former(site, SecretUse.SIGN_ON)
    assert exchange(reader, sign(former)).status_code == 401
    assert exchange(reader, sign(secret)).status_code == 200


def test_a_refusal_does_not_tell_which_secret_signed(reader: Api, site: Site) -> None:
    former, secret = (single_sign_on.generate_secret(site) for _ in range(2))
    told = [
        exchange(reader, sign(each, aud="another")).json()["detail"] for each in (former, secret)
    ]
    assert told[0] == told[1]


def test_by_a_token_a_server_says_that_this_reader_is_no_stranger(site: Site, secret: str) -> None:
    PolicyFactory(site=site, hold_first_comment=True)
    author = AuthorFactory(site=site, email=EMAIL)
    CommentFactory(thread__site=site, author=author, author_verified=True, status=Status.APPROVED)
    api = server(site, "comments")
    sent = {"thread": {"key": "a"}, "body": "Good.", "author_name": "Greta", "author_email": EMAIL}
    for more, status in ({}, "held"), ({"sign_on": sign(secret)}, "approved"):
        comment = api.post("comments", {**sent, **more}).json()
        screen.screen(now=timezone.now())
        assert Comment.objects.get(pk=comment["id"]).status == status
