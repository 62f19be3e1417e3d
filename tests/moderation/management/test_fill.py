"""`manage.py fill`: many comments that hang together as real ones do, in a database apart."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from comments.models import Author, Comment, Site, Status, Thread
from comments.models.comment import text_digest
from comments.privacy import email_addresses
from comments.threads import reading, search
from moderation.management.filling.rows import MODELS
from moderation.models import Decision, Finding, Reviewable
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_vacuum(monkeypatch: pytest.MonkeyPatch) -> None:
    """VACUUM runs in no transaction, and tests do."""
    monkeypatch.setattr("moderation.management.commands.fill.take_stock", lambda: None)


def fill(**options: object) -> Site:
    call_command("fill", comments=300, **options)
    return Site.objects.latest("id")


def test_comments_have_what_real_ones_have() -> None:
    site = fill(waiting=0.1)
    assert Comment.objects.filter(site=site).count() == 300
    assert set(Comment.objects.values_list("status", flat=True)) >= {"approved", "spam", "held"}
    assert Decision.objects.effective().count() == 300
    assert Finding.objects.count() == 300
    comment = Comment.objects.first()
    assert comment.body_digest == text_digest(comment.body)
    author = Author.objects.first()
    address = email_addresses.decrypt(author.email_encrypted)
    assert email_addresses.email_digest(address) == author.email_digest


def test_what_is_held_waits_and_nothing_else_does() -> None:
    fill(waiting=0.1)
    held = Comment.objects.filter(status=Status.HELD)
    waiting = Reviewable.objects.open().values_list("comment", flat=True)
    assert set(waiting) == set(held.values_list("pk", flat=True))
    assert 10 < len(waiting) < 60


def test_replies_stand_below_public_comments_of_their_thread() -> None:
    fill()
    replies = Comment.objects.exclude(parent=None)
    assert replies.exists()
    assert not replies.exclude(parent__status=Status.APPROVED, thread=F("parent__thread")).exists()
    assert not replies.exclude(depth=F("parent__depth") + 1).exists()
    assert reading.roots(Thread.objects.first()).exists()


def test_they_are_found_by_their_words() -> None:
    fill()
    assert Comment.objects.filter(search.matching("the")).exists()


def test_the_same_seed_makes_the_same_texts() -> None:
    first, second, other = fill(seed=3), fill(seed=3), fill(seed=4)
    bodies = [
        list(Comment.objects.filter(site=site).order_by("pk").values_list("body", flat=True))
        for site in (first, second, other)
    ]
    assert bodies[0] == bodies[1] != bodies[2]


def constraints() -> dict[str, object]:
    """Return all indexes and constraints of the tables that are filled, by table."""
    introspection = connection.introspection
    with connection.cursor() as cursor:
        return {
            model._meta.db_table: introspection.get_constraints(cursor, model._meta.db_table)
            for model in MODELS
        }


def test_every_index_and_constraint_is_there_afterwards() -> None:
    before = constraints()
    fill()
    assert constraints() == before


def test_none_are_made_beside_a_real_site() -> None:
    SiteFactory(slug="gazette")
    with pytest.raises(CommandError, match="gazette"):
        fill()
    assert not Comment.objects.exists()
    fill(beside_others=True)
    assert Comment.objects.count() == 300


@pytest.mark.parametrize("options", [{"comments": 0}, {"waiting": 1.5}, {"waiting": -0.1}])
def test_numbers_that_make_no_sense_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(CommandError, match="between 0 and 1"):
        call_command("fill", **options)
