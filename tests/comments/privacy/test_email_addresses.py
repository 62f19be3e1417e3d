import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Author
from comments.privacy import email_addresses
from moderation.models import Ban
from moderation.models.ban import BanTarget
from tests.factories import AuthorFactory

# HMAC-SHA256 under the HMAC-SHA256 of "digest of email" or "digest of network" under "a key".
EMAIL_DIGEST = "fc66ba44c772656ad13c0cbbb4e803fa80fa5be2c14ca101ed5bb76d7a6aea92"
ADDRESS_DIGEST = "d2a6463a53c3e01ede2ea4c2cf447cbe2da179351ee191e449a7d7a5ebd5cbb0"


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


def test_of_a_domain_without_a_name_a_mask_leaves_its_first_letter() -> None:
    assert email_addresses.mask("ann@.example") == "a•••@e•••"
    assert email_addresses.mask("@") == "•••@•••"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.254", True),
        ("198.51.100.1", "198.51.101.1", False),
        ("2001:db8:1:1::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:198.51.100.1", "198.51.100.200", True),
    ],
)
def test_a_network_is_256_ipv4_addresses_or_one_ipv6_site(one: str, other: str, same: bool) -> None:
    assert (email_addresses.network_digest(one) == email_addresses.network_digest(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:2::1", False),
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::", True),
    ],
)
def test_of_an_ipv6_address_the_subnet_counts(one: str, other: str, same: bool) -> None:
    assert (email_addresses.address_digest(one) == email_addresses.address_digest(other)) is same


@pytest.mark.parametrize("nothing", ["", "unix:", "198.51.100.0/24"])
def test_what_is_no_address_is_of_no_network(nothing: str) -> None:
    assert email_addresses.network_digest(nothing) == ""


def test_an_address_is_found_under_every_key_and_written_under_the_newest(settings) -> None:
    old, new = settings.EMAIL_KEYS[0], Fernet.generate_key().decode()
    before = email_addresses.email_digest("ann@mail.example")
    settings.EMAIL_KEYS = [new, old]
    digests = email_addresses.email_digests(" Ann@mail.example ")
    assert digests[0] == email_addresses.email_digest("ann@mail.example")
    assert digests[1:] == [before]
    assert digests[0] != before


def test_a_token_of_an_older_key_is_read_and_renewed(settings) -> None:
    old, new = settings.EMAIL_KEYS[0], Fernet.generate_key().decode()
    token = email_addresses.encrypt("Ann@mail.example")
    settings.EMAIL_KEYS = [new, old]
    assert email_addresses.decrypt(token) == "Ann@mail.example"
    settings.EMAIL_KEYS = [new]
    with pytest.raises(InvalidToken):
        email_addresses.decrypt(token)
    settings.EMAIL_KEYS = [new, old]
    renewed = email_addresses.reencrypt(token)
    settings.EMAIL_KEYS = [new]
    assert email_addresses.decrypt(renewed) == "Ann@mail.example"


def test_a_digest_can_not_be_made_without_the_key_nor_for_another_purpose(settings) -> None:
    # What was stored must be found by later releases, too.
    settings.EMAIL_KEYS = ["a key"]
    assert email_addresses.email_digest("ann@mail.example") == EMAIL_DIGEST
    assert email_addresses.address_digest("198.51.100.1") == ADDRESS_DIGEST
