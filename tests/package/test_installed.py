"""The wheel, installed into an empty environment and run outside of the checkout."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest

from leave_a_reply import __version__
from tests.services.processes import ROOT, free_port, wait_for


class Installed:
    """An environment with the wheel in it, and a home folder with nothing else."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.home, self.port = folder / "home", free_port()
        self.home.mkdir()
        environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet", str(wheel)]
        subprocess.run(pip, check=True, cwd=folder)
        self.program = environment / "bin/leave-a-reply"
        self.database = self.home / ".local/share/leave-a-reply/db.sqlite3"
        # A folder of the name of one of our packages must not be taken for it.
        (self.home / "config").mkdir()
        (self.home / "config/__init__.py").write_text("raise SystemExit('a stranger')")

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Run the command in the home folder."""
        return subprocess.Popen(
            [str(self.program), *arguments],
            cwd=self.home,
            env={"HOME": str(self.home), "PATH": os.defpath, "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def open(self, path: str, **post: object) -> HTTPResponse:
        """Send a request, as JSON where something is to be sent."""
        data = json.dumps(post).encode() if post else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}
        )
        response: HTTPResponse = urllib.request.urlopen(request, timeout=30)
        return response

    def read(self, path: str) -> str:
        """Return what is at a path."""
        return self.open(path).read().decode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    (wheel,) = (ROOT / "build/dist").glob("*.whl")
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


@pytest.fixture(scope="module")
def site(installed: Installed) -> Iterator[Installed]:
    running = installed.start("run")
    try:
        wait_for(lambda: answers(installed, running), seconds=120, what="the port to answer")
        yield installed
    finally:
        running.terminate()
        assert running.wait(30) == 0


def answers(installed: Installed, running: "subprocess.Popen[str]") -> bool:
    assert running.poll() is None, running.communicate()
    try:
        return installed.open("/readyz").status == 200
    except OSError:
        return False


def test_the_sign_in_page_shows_with_its_styles(site: Installed) -> None:
    page = site.read("/admin/login/")
    assert 'name="password"' in page
    styles = re.findall(r'<link[^>]+href="(/static/[^"]+\.css)"', page)
    assert styles
    assert all(site.open(path).status == 200 for path in styles)


def test_readers_get_the_script_and_their_language(site: Installed) -> None:
    assert "leave-a-reply" in site.read("/embed.js")
    assert json.loads(site.read("/embed/de.json")) != json.loads(site.read("/embed/en.json"))


def test_a_comment_is_stored_and_judged_by_the_classifier(site: Installed) -> None:
    form = json.loads(site.read("/api/v1/sites/demo/form?thread=demo"))
    time.sleep(form["min_seconds"] + 0.5)
    answer = site.open(
        "/api/v1/sites/demo/comments",
        thread={"key": "demo"},
        author_name="Ann",
        author_email="ann@mail.example",
        body="Stored by the wheel, you worthless idiot.",
        form_token=form["form_token"],
    )
    assert answer.status == 201
    assert wait_for(lambda: decided(site), seconds=30, what="a decision") == "held"


def decided(site: Installed) -> str | None:
    query = "SELECT status FROM comments_comment WHERE body LIKE 'Stored by the wheel%'"
    with sqlite3.connect(site.database, timeout=20) as connection:
        ((status,),) = connection.execute(query).fetchall()
    return None if status == "pending" else str(status)


def test_an_operators_command_writes_where_it_is_called(site: Installed) -> None:
    done = site.start("manage", "export_comments", "demo", "export.json")
    done.communicate(timeout=120)
    assert done.returncode == 0
    assert "The last ferry" in (site.home / "export.json").read_text()


def test_the_command_says_what_it_can_do(installed: Installed) -> None:
    assert installed.start("version").communicate()[0].strip() == __version__
    assert "leave-a-reply manage" in installed.start().communicate()[0]
    refused = installed.start("fly")
    assert refused.communicate()[1].splitlines() == [
        "leave-a-reply has no command “fly”. `leave-a-reply help` lists them."
    ]
    assert refused.returncode == 1
