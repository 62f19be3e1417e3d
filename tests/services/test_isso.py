"""Isso's own importer reads our exports, and we import its database."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comments.models import Comment, Site, Status
from tests.factories import NOW, CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.management.test_commands import run_json
from tests.services.processes import ROOT

pytestmark = pytest.mark.django_db
REQUIREMENTS = Path(__file__).parent / "requirements-isso.txt"
ENVIRONMENT = ROOT / "build" / "isso"


@pytest.fixture(scope="session")
def isso() -> Path:
    """Return Isso's command, installed as its requirements say."""
    done = ENVIRONMENT / "done"
    requirements = REQUIREMENTS.read_text(encoding="utf-8")
    if not done.exists() or done.read_text(encoding="utf-8") != requirements:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        python = str(ENVIRONMENT / "bin" / "python")
        subprocess.run([python, *install, "-r", str(REQUIREMENTS)], check=True)
        done.write_text(requirements, encoding="utf-8")
    return ENVIRONMENT / "bin" / "isso"


@pytest.fixture
def written(site: Site) -> Site:
    thread = ThreadFactory(site=site, url="https://gazette.example/elections/", title="Elections")
    first = CommentFactory(thread=thread, body="Hello *you* & <them>", author_name="Ann")
    CommentFactory(thread=thread, parent=first, body="Ünïcode 👋", author_name="Bob")
    for status in set(Status) - {Status.APPROVED}:
        CommentFactory(thread=thread, status=status, body=f"This is {status}")
    return site


def isso_comments(database: Path) -> list[dict[str, Any]]:
    """Return the comments in a database of Isso, in their order."""
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        rows = db.execute(
            "SELECT c.*, t.uri, t.title FROM comments c"
            " JOIN threads t ON t.id = c.tid ORDER BY c.id"
        )
        return [dict(row) for row in rows]


@pytest.mark.parametrize(("name", "more"), [("wordpress", []), ("disqus", ["--empty-id"])])
def test_isso_imports_what_we_export(
    isso: Path, written: Site, tmp_path: Path, name: str, more: list[str]
) -> None:
    export, database = tmp_path / "export.xml", tmp_path / "isso.db"
    run_json("export_comments", written.slug, str(export), "--format", name)
    settings = tmp_path / "isso.cfg"
    settings.write_text(f"[general]\ndbpath = {database}\nhost = https://gazette.example/\n")
    command = [str(isso), "-c", str(settings), "import", "-t", name, *more, str(export)]
    subprocess.run(command, check=True, cwd=tmp_path, env={"TZ": "UTC"})

    first, reply = (row for row in isso_comments(database) if row["mode"] == 1)
    assert (first["uri"], first["title"]) == ("/elections/", "Elections")
    assert "<em>you</em> &amp; &lt;them&gt;" in first["text"]
    assert "Ünïcode 👋" in reply["text"]
    assert reply["parent"] == first["id"]
    assert first["created"] == NOW.timestamp()
    assert first["author"] == "Ann"

    # Nothing that was not public has become so, and the way back is open.
    fresh = SiteFactory(slug="fresh")
    base = ("--base-url", "https://gazette.example")
    result = run_json("import_comments", "fresh", str(database), *base)
    assert result["problems"] == []
    public = Comment.objects.filter(site=fresh, status=Status.APPROVED)
    assert [c.author_name for c in public.order_by("pk")] == ["Ann", "Bob"]
