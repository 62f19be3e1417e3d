"""Our own format: what goes out comes in again, to the byte."""

import json
from pathlib import Path

import pytest

from comments.models import Author, Comment, Site, Status
from moderation.models import Decision, DecisionSource, Event, Reviewable, Screening
from tests.factories import CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.management.test_commands import run_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(site: Site) -> Site:
    """A site with a comment in every status, and a reply to each."""
    thread = ThreadFactory(site=site)
    for status in Status:
        comment = CommentFactory(thread=thread, status=status, author_url="https://a.example/")
        CommentFactory(thread=thread, parent=comment, body="*Ünïcode* 👋\n\n> quoted")
    return site


def export(site: Site, path: Path, *more: str) -> bytes:
    run_json("export_comments", site.slug, str(path), *more)
    return path.read_bytes()


def load(site: Site, path: Path, *more: str) -> dict:
    return run_json("import_comments", site.slug, str(path), *more)


@pytest.mark.parametrize("more", [[], ["--with-addresses"]])
def test_what_goes_out_comes_in_again_to_the_byte(
    written: Site, tmp_path: Path, more: list[str]
) -> None:
    first = export(written, tmp_path / "a.jsonl", *more)
    fresh = SiteFactory(slug="fresh")
    told = load(fresh, tmp_path / "a.jsonl")
    assert (told["created"], told["problems"]) == (12, [])
    assert export(fresh, tmp_path / "b.jsonl", *more) == first


def test_who_was_known_to_be_the_writer_still_is(written: Site, tmp_path: Path) -> None:
    Comment.objects.update(author_verified=True)
    export(written, tmp_path / "a.jsonl", "--with-addresses")
    fresh = SiteFactory()
    load(fresh, tmp_path / "a.jsonl")
    assert set(fresh.comments.values_list("author_verified", flat=True)) == {True}
    bare = SiteFactory()
    export(written, tmp_path / "b.jsonl")
    load(bare, tmp_path / "b.jsonl")
    assert set(bare.comments.values_list("author_verified", flat=True)) == {False}


def test_a_second_import_creates_nothing(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl")
    fresh = SiteFactory()
    load(fresh, tmp_path / "a.jsonl")
    told = load(fresh, tmp_path / "a.jsonl")
    assert (told["created"], told["skipped"]) == (0, 12)


def test_an_export_that_comes_home_brings_nothing_new(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl")
    assert load(written, tmp_path / "a.jsonl")["created"] == 0


def test_addresses_go_out_only_where_asked_for(written: Site, tmp_path: Path) -> None:
    assert b"@mail.example" not in export(written, tmp_path / "a.jsonl")
    assert b"@mail.example" in export(written, tmp_path / "b.jsonl", "--with-addresses")


def test_authors_are_the_same_people(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl", "--with-addresses")
    fresh = SiteFactory()
    load(fresh, tmp_path / "a.jsonl")
    assert Author.objects.filter(site=fresh).count() == Author.objects.filter(site=written).count()


def test_states_are_kept_and_explained(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl")
    fresh = SiteFactory()
    load(fresh, tmp_path / "a.jsonl")
    assert Screening.objects.filter(comment__site=fresh).count() == 1
    assert Reviewable.objects.filter(site=fresh).count() == 1
    sources = set(Decision.objects.filter(comment__site=fresh).values_list("source", flat=True))
    assert sources == {DecisionSource.IMPORT}
    assert not Event.objects.exists()


def test_a_dry_run_keeps_nothing(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl")
    fresh = SiteFactory()
    assert load(fresh, tmp_path / "a.jsonl", "--dry-run")["created"] == 12
    assert not Comment.objects.filter(site=fresh).exists()


def test_a_line_that_makes_no_sense_is_named_and_the_rest_goes_on(
    written: Site, tmp_path: Path
) -> None:
    lines = export(written, tmp_path / "a.jsonl").splitlines()
    lines[2:2] = [b"nonsense", b"{}", json.dumps({"type": "comment", "id": "x"}).encode()]
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(lines))
    told = load(SiteFactory(), tmp_path / "b.jsonl")
    assert told["created"] == 12
    assert [problem.partition(":")[0] for problem in told["problems"]] == [
        "line 3",
        "line 4",
        "line 5",
    ]
