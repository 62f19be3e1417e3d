"""The authors of imported comments: one for each email address at a site."""

from datetime import timedelta
from typing import Any

import pytest

from comments.formats.items import ImportedComment
from comments.models import Author, Site, Status
from comments.privacy import email_addresses
from moderation.intake.transfers import authors
from tests.factories import NOW, AuthorFactory

pytestmark = pytest.mark.django_db


def item(email: str, **changes: Any) -> ImportedComment:
    fields = {"source_id": "1", "page": "p", "created_at": NOW, "body": "b", **changes}
    return ImportedComment(author_email=email, status=Status.APPROVED, **fields)


def test_an_author_is_created_from_the_earliest_comment(site: Site) -> None:
    early, confirmed = NOW - timedelta(days=2), NOW - timedelta(days=1)
    found = authors.authors_of(
        [
            item("ANN@mail.example", author_name="Ann B.", created_at=NOW),
            item(
                " Ann@mail.example ",
                author_name="n" * 101,
                created_at=early,
                verified_at=confirmed,
            ),
        ],
        site,
    )
    author = Author.objects.get()
    assert found == {"ann@mail.example": author}
    assert (author.site, author.name) == (site, "n" * 100)
    assert author.email_digest == email_addresses.email_digest("ann@mail.example")
    assert email_addresses.decrypt(author.email_encrypted) == "Ann@mail.example"
    assert (author.first_seen_at, author.verified_at) == (early, confirmed)


def test_an_author_of_the_site_is_used_and_stays_unchanged(site: Site) -> None:
    known = AuthorFactory(site=site, email="ann@mail.example", name="Ann")
    AuthorFactory(email="ann@mail.example")
    found = authors.authors_of([item("ann@mail.example", author_name="Other")], site)
    assert found == {"ann@mail.example": known}
    known.refresh_from_db()
    assert known.name == "Ann"


def test_an_author_of_another_site_is_not_used(site: Site) -> None:
    foreign = AuthorFactory(email="ann@mail.example")
    assert authors.authors_of([item("ann@mail.example")], site) != {"ann@mail.example": foreign}
    assert Author.objects.filter(site=site).count() == 1


def test_comments_without_an_address_have_no_author(site: Site) -> None:
    assert authors.authors_of([item(""), item("ann@mail.example")], site).keys() == {
        "ann@mail.example"
    }
