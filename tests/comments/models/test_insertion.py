"""A row is inserted once, whoever else inserts it."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from comments.models import Author, Revision, Site, Thread
from comments.models.insertion import Insertion, insert_all, insert_if_new
from tests.factories import NOW, CommentFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def author(site: Site, name: str = "Ann") -> Author:
    return Author(site=site, email_digest="d", email_encrypted="e", name=name, first_seen_at=NOW)


def test_a_new_row_is_stored_and_can_be_changed(site: Site) -> None:
    row = author(site)
    assert insert_if_new(row)
    row.name = "Anna"
    row.save(update_fields=["name"])
    assert Author.objects.get(pk=row.pk).name == "Anna"


def test_a_row_that_is_there_stays_as_it_is(site: Site) -> None:
    insert_if_new(author(site))
    assert not insert_if_new(author(site, "Ben"))
    assert Author.objects.get().name == "Ann"


def test_it_takes_one_statement(site: Site, django_assert_num_queries) -> None:
    for _ in range(2):
        with django_assert_num_queries(1):
            insert_if_new(author(site))


def test_rows_of_several_models_are_stored_at_once(site: Site, django_assert_num_queries) -> None:
    writer = author(site)
    comment = CommentFactory.build(thread=ThreadFactory(site=site), author=writer)
    revision = Revision(comment=comment, number=1, body="Before.", replaced_at=NOW)
    rows = [writer, comment, revision]
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3):
        insert_all([Insertion(row) for row in rows])
    assert Revision.objects.get().comment.author == writer


def test_of_rows_of_which_one_is_there_none_is_stored(site: Site) -> None:
    insert_if_new(author(site))
    rows = [Insertion(ThreadFactory.build(site=site)), Insertion(author(site, "Ben"))]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all(rows)
    assert not Thread.objects.exists()


def test_a_row_is_stored_as_it_was_when_it_was_handed_over(site: Site) -> None:
    row = author(site)
    insertion = Insertion(row)
    row.name = "Ben"
    insert_all([insertion])
    assert Author.objects.get().name == "Ann"


def test_what_a_field_refuses_to_publish_is_not_stored(site: Site) -> None:
    insert_if_new(author(site, "ann@mail.example"))
    assert Author.objects.get().name == ""


@isolate_apps("comments")
def test_what_a_row_leaves_to_the_database_has_its_default() -> None:
    class Parcel(models.Model):  # noqa: DJ008
        id = models.IntegerField(primary_key=True)
        weight = models.PositiveSmallIntegerField(db_default=7)

        class Meta:
            app_label = "comments"

    columns = "id integer PRIMARY KEY, weight integer NOT NULL DEFAULT 7"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE comments_parcel ({columns})")
    usual, heavy = Parcel(id=1), Parcel(id=2, weight=70)
    for parcel in (usual, heavy):
        assert insert_if_new(parcel)
    assert (usual.weight, heavy.weight) == (7, 70)
