"""What each check finds, on comments that differ in one thing."""

from datetime import timedelta

import pytest

from comments.models import Status
from comments.privacy import email_addresses
from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.rules.verdicts import Reason, Rules
from moderation.screening.checks import address, author, bans, duplicates, guests, links, words
from moderation.screening.contract import ScreeningSubject
from tests.factories import NOW, AuthorFactory, CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def reasons(check, comment, **rules) -> list[str]:
    return [
        finding.reason
        for _, finding in check.find([ScreeningSubject(comment, Rules(**rules), NOW)])
    ]


# Words.


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("casino", "Best CASINO in town"),
        ("casino*", "casinos"),
        ("*casino", "supercasino"),
        ("viagra", "v1agra"),
        ("viagra", "v i a g r a"),
        ("Käse", "käse!"),
        ("дурак", "Ты дурак."),
        ("a+b", "is a+b right"),
    ],
)
def test_a_word_is_found_however_it_is_written(word: str, text: str) -> None:
    assert reasons(words, CommentFactory(body=text), held_words=(word,)) == [Reason.HELD_WORD]


@pytest.mark.parametrize(
    ("word", "text"), [("ass", "A class of its own"), ("casino", "casinos"), ("a.c", "abc")]
)
def test_a_word_is_not_found_in_other_words(word: str, text: str) -> None:
    assert reasons(words, CommentFactory(body=text), held_words=(word,)) == []


def test_a_pattern_made_to_hang_does_not() -> None:
    comment = CommentFactory(body="a" * 5000)
    assert reasons(words, comment, held_words=("*a" * 40 + "b",)) == []


# Links.


def test_a_link_is_only_mentioned() -> None:
    assert reasons(links, CommentFactory(body="See https://a.example")) == [Reason.HAS_LINKS]


def test_words_with_a_dot_are_no_links() -> None:
    comment = CommentFactory(body="I changed README.md, setup.py and run.sh. It works.Great.It is!")
    assert reasons(links, comment, max_links=0) == []


def test_more_links_than_allowed_are_too_many() -> None:
    body = "https://a.example https://b.example"
    assert reasons(links, CommentFactory(body=body), max_links=1) == [Reason.TOO_MANY_LINKS]


# Bans.


def test_a_banned_author_is_found() -> None:
    comment = CommentFactory()
    Ban.objects.create(site=comment.site, target=BanTarget.EMAIL, value=comment.author.email_digest)
    assert reasons(bans, comment) == [Reason.BANNED]


def test_a_banned_network_is_found_from_another_address_in_it() -> None:
    comment = CommentFactory(network_digest=email_addresses.network_digest("198.51.100.7"))
    network = email_addresses.network_digest("198.51.100.200")
    Ban.objects.create(site=comment.site, target=BanTarget.NETWORK, value=network)
    assert reasons(bans, comment) == [Reason.BANNED]


@pytest.mark.parametrize("where", ["https://pills.example/", "https://shop.pills.example/buy"])
def test_a_banned_domain_is_found_with_what_is_below_it(where: str) -> None:
    comment = CommentFactory(body=f"See {where}")
    Ban.objects.create(site=comment.site, target=BanTarget.DOMAIN, value="pills.example")
    assert reasons(bans, comment) == [Reason.BANNED]


def test_a_ban_at_another_site_does_not_count() -> None:
    comment = CommentFactory()
    Ban.objects.create(
        site=SiteFactory(), target=BanTarget.EMAIL, value=comment.author.email_digest
    )
    assert reasons(bans, comment) == []


def test_a_ban_that_ran_out_does_not_count() -> None:
    comment = CommentFactory()
    Ban.objects.create(
        site=comment.site,
        target=BanTarget.EMAIL,
        value=comment.author.email_digest,
        until=NOW - timedelta(seconds=1),
    )
    assert reasons(bans, comment) == []


# The same text again.

SENTENCE = "This sentence is long enough for nobody to write it twice by chance."


def test_a_repeated_text_is_found() -> None:
    first = CommentFactory(body=SENTENCE, created_at=NOW - timedelta(days=1))
    again = CommentFactory(body=SENTENCE.upper(), thread=ThreadFactory(site=first.site))
    assert reasons(duplicates, again) == [Reason.REPEATED]
    assert reasons(duplicates, first) == []


def test_a_short_text_may_be_written_by_many() -> None:
    first = CommentFactory(body="Thank you!", created_at=NOW - timedelta(days=1))
    again = CommentFactory(body="Thank you!", thread=first.thread)
    assert reasons(duplicates, again) == []


# The author's record.


def author_with(verified: bool = True, **record: int):
    """Return the next comment of an author with this record."""
    writer = AuthorFactory()
    about = {"thread": ThreadFactory(site=writer.site), "author": writer}
    for status, times in record.items():
        CommentFactory.create_batch(times, author_verified=verified, status=status, **about)
    return CommentFactory(author_verified=verified, status=Status.PENDING, **about)


def test_the_first_comment_of_an_author_is_noticed() -> None:
    assert reasons(author, author_with(held=2)) == [Reason.FIRST_COMMENT]


def test_an_author_with_enough_approved_comments_is_trusted() -> None:
    assert reasons(author, author_with(approved=3), trust_after=3) == [Reason.TRUSTED_AUTHOR]


def test_whoever_only_typed_the_address_is_not_trusted() -> None:
    comment = author_with(verified=False, approved=9)
    assert reasons(author, comment, trust_after=3) == [Reason.KNOWN_AUTHOR]


def test_what_others_wrote_under_the_address_counts_for_nothing() -> None:
    comment = author_with(approved=3)
    about = {"thread": comment.thread, "author": comment.author}
    CommentFactory.create_batch(2, status=Status.SPAM, author_verified=False, **about)
    assert reasons(author, comment, trust_after=3) == [Reason.TRUSTED_AUTHOR]
    assert reasons(author, comment, trust_after=4) == [Reason.KNOWN_AUTHOR]


def test_where_addresses_are_confirmed_a_typed_one_is_nobodys() -> None:
    comment = author_with(verified=False, approved=9)
    assert reasons(author, comment, confirm_email="trust") == [Reason.FIRST_COMMENT]


# The address.


def test_an_address_that_nobody_confirmed_is_found() -> None:
    comment = CommentFactory(intake={"form": {"state": "valid", "seconds": 9}})
    assert reasons(address, comment) == [Reason.ADDRESS_UNCONFIRMED]


@pytest.mark.parametrize(
    "known",
    [
        {"author_verified": True},
        {"author": None},
        {"intake": {"vouched_by": "a key"}},
    ],
)
def test_an_address_that_is_known_or_not_given_is_not(known: dict) -> None:
    comment = CommentFactory(**{"intake": {"form": {"state": "valid", "seconds": 9}}, **known})
    assert reasons(address, comment) == []


def test_an_author_who_was_ever_refused_is_not_trusted() -> None:
    assert reasons(author, author_with(approved=9, spam=1), trust_after=3) == [Reason.KNOWN_AUTHOR]


def test_where_first_comments_wait_a_typed_address_is_nobodys() -> None:
    comment = author_with(verified=False, approved=9)
    assert reasons(author, comment, hold_first_comment=True) == [Reason.FIRST_COMMENT]


def test_the_browser_of_an_approved_comment_makes_its_author_known() -> None:
    comment = author_with(verified=False, approved=1)
    comment.intake["returning"] = True
    assert reasons(author, comment, hold_first_comment=True) == [Reason.KNOWN_AUTHOR]


def test_a_verified_address_makes_its_author_known() -> None:
    comment = author_with(approved=1)
    assert reasons(author, comment, hold_first_comment=True) == [Reason.KNOWN_AUTHOR]


@pytest.mark.parametrize(
    ("intake", "found"),
    [
        ({"form": {"state": "valid"}}, [Reason.GUEST]),
        ({"vouched_by": "1"}, [Reason.GUEST]),
        ({"form": {"state": "valid"}, "signed_on": True}, []),
        ({}, []),
    ],
)
def test_who_is_not_signed_on_is_a_guest(intake: dict, found: list) -> None:
    assert reasons(guests, CommentFactory(intake=intake)) == found
