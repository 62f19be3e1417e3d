"""The doors by which a person’s data is exported and erased."""

import pytest

from comments.models import Author, Comment, Site
from tests.conftest import server
from tests.factories import CommentFactory
from tests.moderation.management.test_commands import run, run_json
from tests.moderation.review.people.person import NAME
from tests.submissions import EMAIL

pytestmark = pytest.mark.django_db


def test_the_commands_export_and_erase(site: Site, written: Comment) -> None:
    assert run_json("export_person", site.slug, EMAIL)["names"] == [NAME]
    assert run_json("erase_person", site.slug, EMAIL, "--remove-text") == {"comments": 1}
    assert "[removed]" not in run("erase_person", site.slug, EMAIL)


def test_a_server_exports_and_erases(site: Site, written: Comment) -> None:
    api = server(site, "people")
    assert api.post("people/export", {"email": EMAIL}).json()["names"] == [NAME]
    assert api.post("people/erase", {"email": EMAIL}).json() == {"comments": 1}
    assert api.post("people/export", {"email": EMAIL}).status_code == 404


def test_a_server_of_another_site_erases_nothing(written: Comment) -> None:
    api = server(CommentFactory().site, "people")
    assert api.post("people/erase", {"email": EMAIL}).json() == {"comments": 0}
    assert Author.objects.filter(pk=written.author_id).exists()
