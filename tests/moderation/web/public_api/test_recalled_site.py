"""A post goes by the site as the process remembers it, and never against what is so by now."""

from typing import Any

import pytest

from comments.models import Comment, Site
from tests.conftest import Api
from tests.submissions import post, submission

ELSEWHERE = "https://elsewhere.example"


def change(site: Site, **values: Any) -> None:
    """Change a site as another process would."""
    Site.objects.filter(pk=site.pk).update(**values)


def test_what_is_no_longer_needed_is_not_asked_for(reader: Api, site: Site) -> None:
    post(reader)
    payload = submission(reader, author_email="")
    assert reader.post("comments", payload).status_code == 400
    change(site, require_email=False)
    assert reader.post("comments", payload).status_code == 201


def test_what_is_asked_for_by_now_is_needed(reader: Api, site: Site) -> None:
    post(reader)
    payload = submission(reader, body="This is longer.")
    change(site, max_length=5)
    assert reader.post("comments", payload).status_code == 400
    assert Comment.objects.count() == 1


def test_a_rule_that_is_asked_after_the_lookup_is_obeyed_too(reader: Api, site: Site) -> None:
    first = post(reader).json()
    Comment.objects.update(status="approved")
    payload = submission(reader, body="A reply.", parent=first["id"])
    change(site, max_depth=0)
    assert reader.post("comments", payload).status_code == 400
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [([], [ELSEWHERE], 201), ([ELSEWHERE], ["https://gazette.example"], 403)],
    ids=["added", "taken away"],
)
def test_an_origin_counts_as_it_is_by_now(
    reader: Api, site: Site, before: list[str], after: list[str], status: int
) -> None:
    change(site, origins=before or ["https://gazette.example"])
    post(reader)
    payload = submission(reader, body="And another one.")
    change(site, origins=after)
    answer = reader.post("comments", payload, headers={"Origin": ELSEWHERE})
    assert answer.status_code == status


def test_a_site_that_is_gone_is_not_found(reader: Api, site: Site) -> None:
    post(reader)
    payload = submission(reader, body="And another one.")
    change(site, slug="moved")
    assert reader.post("comments", payload).status_code == 404
