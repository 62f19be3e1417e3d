import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Author
from comments.privacy import email_addresses
from moderation.models import Ban
from moderation.models.ban import BanTarget
from tests.factories import AuthorFactory


@given(st.emails())
def test_decrypting_returns_the_address(email: str) -> None:
    assert email_addresses.decrypt(email_addresses.encrypt(email)) == email


@given(st.emails())
def test_the_same_address_is_encrypted_differently_each_time(email: str) -> None:
    assert email_addresses.encrypt(email) != email_addresses.encrypt(email)


def test_the_digest_ignores_case_and_spaces() -> None:
    assert email_addresses.email_digest(" Ann@Mail.Example") == email_addresses.email_digest(
        "ann@mail.example"
    )


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("ann@mail.example", "a•••@m•••.example"),
        ("b@c.co.uk", "b•••@c•••.uk"),
        ("root@localhost", "r•••@l•••"),
    ],
)
def test_a_mask_leaves_first_letters_only(email: str, masked: str) -> None:
    assert email_addresses.mask(email) == masked


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.1", True),
        ("198.51.100.1", "198.51.100.2", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("::ffff:198.51.100.1", "198.51.100.1", True),
    ],
)
def test_a_reader_is_one_ipv4_address_or_one_ipv6_subnet(one: str, other: str, same: bool) -> None:
    assert (email_addresses.address_digest(one) == email_addresses.address_digest(other)) is same


def test_an_invalid_ip_address_has_no_digest() -> None:
    assert email_addresses.address_digest("unix:") == ""


@pytest.mark.django_db
def test_keys_are_rotated_without_losing_an_address_or_a_ban(settings) -> None:
    author = AuthorFactory(email="ann@mail.example")
    ban = Ban.objects.create(site=author.site, target=BanTarget.EMAIL, value=author.email_digest)
    old, new = settings.EMAIL_KEYS[0], Fernet.generate_key().decode()
    settings.EMAIL_KEYS = [new, old]
    assert author.email_digest in email_addresses.email_digests("ann@mail.example")
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = [new]
    author = Author.objects.get()
    assert email_addresses.decrypt(author.email_encrypted) == "ann@mail.example"
    assert author.email_digest == email_addresses.email_digest("ann@mail.example")
    ban.refresh_from_db()
    assert ban.value == author.email_digest
