"""Our own format: export and import are lossless."""

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
def test_export_import_and_export_gives_the_same_bytes(
    written: Site, tmp_path: Path, more: list[str]
) -> None:
    first = export(written, tmp_path / "a.jsonl", *more)
    fresh = SiteFactory(slug="fresh")
    result = load(fresh, tmp_path / "a.jsonl")
    assert (result["created"], result["problems"]) == (12, [])
    assert export(fresh, tmp_path / "b.jsonl", *more) == first


def test_verified_authors_stay_verified(written: Site, tmp_path: Path) -> None:
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
    result = load(fresh, tmp_path / "a.jsonl")
    assert (result["created"], result["skipped"]) == (0, 12)


def test_importing_an_export_at_its_own_site_creates_nothing(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl")
    assert load(written, tmp_path / "a.jsonl")["created"] == 0


def test_email_addresses_are_exported_only_on_request(written: Site, tmp_path: Path) -> None:
    assert b"@mail.example" not in export(written, tmp_path / "a.jsonl")
    assert b"@mail.example" in export(written, tmp_path / "b.jsonl", "--with-addresses")


def test_authors_are_not_duplicated(written: Site, tmp_path: Path) -> None:
    export(written, tmp_path / "a.jsonl", "--with-addresses")
    fresh = SiteFactory()
    load(fresh, tmp_path / "a.jsonl")
    assert Author.objects.filter(site=fresh).count() == Author.objects.filter(site=written).count()


def test_statuses_are_kept_with_decisions_of_the_source_import(
    written: Site, tmp_path: Path
) -> None:
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


def test_an_invalid_line_is_a_problem_and_the_rest_is_imported(
    written: Site, tmp_path: Path
) -> None:
    lines = export(written, tmp_path / "a.jsonl").splitlines()
    lines[2:2] = [b"nonsense", b"{}", json.dumps({"type": "comment", "id": "x"}).encode()]
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(lines))
    result = load(SiteFactory(), tmp_path / "b.jsonl")
    assert result["created"] == 12
    assert [problem.partition(":")[0] for problem in result["problems"]] == [
        "line 3",
        "line 4",
        "line 5",
    ]
