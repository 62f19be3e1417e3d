"""The wheel has all that runs, below one name, and nothing that is for contributors only."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from leave_a_reply import __version__
from tests.services.processes import ROOT

PACKAGES = ("comments", "config", "locale", "ml", "moderation")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_every_file_that_runs_is_inside(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    files = {
        f"leave_a_reply/app/{path.relative_to(ROOT)}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - names == set()
    assert {"leave_a_reply/app/manage.py", "leave_a_reply/app/gunicorn.conf.py"} <= names


def test_no_name_but_ours_is_taken(wheel: zipfile.ZipFile) -> None:
    tops = {Path(name).parts[0] for name in wheel.namelist()}
    assert tops == {"leave_a_reply", f"leave_a_reply-{__version__}.dist-info"}
    inside = {
        Path(name).parts[2] for name in wheel.namelist() if name.startswith("leave_a_reply/app")
    }
    assert inside == {*PACKAGES, "manage.py", "gunicorn.conf.py"}


def test_it_says_what_it_needs_and_what_may_be_left_out(wheel: zipfile.ZipFile) -> None:
    (name,) = [n for n in wheel.namelist() if n.endswith("METADATA")]
    metadata = message_from_bytes(wheel.read(name))
    assert metadata["Version"] == __version__
    extras = ["context", "observability", "postgres", "redis"]
    assert sorted(metadata.get_all("Provides-Extra", [])) == extras
    needed = metadata.get_all("Requires-Dist", [])
    assert not [
        n for n in needed if n.startswith(("psycopg", "redis", "onnx")) and "extra" not in n
    ]
    assert [n for n in needed if n.startswith("django>=") and "~=5.2.0" in n]
    licences = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license-files"]
    assert sorted(metadata.get_all("License-File", [])) == sorted(licences)


def test_its_description_refers_to_nothing_that_is_not_there(wheel: zipfile.ZipFile) -> None:
    (name,) = [n for n in wheel.namelist() if n.endswith("METADATA")]
    metadata = message_from_bytes(wheel.read(name))
    text = wheel.read(name).decode().partition("\n\n")[2]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert text.startswith("# Leave a Reply")
    assert "make run" in text
    assert "<img" not in text
    assert [target for target in re.findall(r"\]\(([^)]+)\)", text) if ":" not in target] == []


def test_what_an_extra_brings_is_imported_where_it_is_used() -> None:
    extras = {"redis", "psycopg", "psycopg_pool", "onnxruntime", "opentelemetry", "sentry_sdk"}
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        for name in imported(statement)
        if name.partition(".")[0] in extras
    }
    # The backend for PostgreSQL is imported by Django, where DATABASE_URL names one.
    assert {name for name in found if not name.startswith("config/postgresql/")} == set()


def imported(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ImportFrom):
        return [statement.module or ""]
    return [one.name for one in statement.names] if isinstance(statement, ast.Import) else []
