"""The guides work: their examples are run as written against an installation."""

import json
import runpy
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.guides import DOCS, blocks
from tests.services.conftest import Installation, installed
from tests.services.processes import manage, wait_for


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all tests here, which do not mind what the others leave."""
    with installed(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@pytest.fixture
def key(installation: Installation) -> str:
    scopes = [word for s in ("comments", "checks", "threads") for word in ("--scope", s)]
    output = manage(installation.environment, "create_key", "gazette", *scopes, "--json")
    return str(json.loads(output)["key"])


def test_the_curl_examples_run_as_written(installation: Installation, key: str) -> None:
    environment = {"API": f"http://127.0.0.1:{installation.port}/api/v1", "KEY": key}
    installation.start_worker()
    for lines in blocks("connect/curl.md", "sh"):
        subprocess.run(
            ["/bin/sh", "-e", "-c", lines], check=True, env={"PATH": "/usr/bin:/bin", **environment}
        )
    assert installation.rows("SELECT count(*) FROM comments_comment") == [(1,)]


def test_the_django_guide_signs_its_users_on(installation: Installation, tmp_path: Path) -> None:
    code = blocks("connect/django.md", "python")[0]
    (tmp_path / "guide.py").write_text(code, encoding="utf-8")
    guide = runpy.run_path(str(tmp_path / "guide.py"))
    output = json.loads(manage(installation.environment, "set_sign_on", "gazette", "--json"))
    user = SimpleNamespace(
        pk=1, email="ann@mail.example", get_full_name=lambda: "Ann", get_username=lambda: "ann"
    )
    token = guide["reader_token"](user, output["secret"], "gazette")
    status, answer = installation.call("sites/gazette/sign-on", {"token": token})
    assert status == 200, answer
    assert answer["reader_token"]


def test_the_embed_script_of_the_guides_is_served(installation: Installation) -> None:
    for page in ("connect/static-site.md", "connect/ghost.md"):
        assert "/embed.js" in (DOCS / page).read_text(encoding="utf-8")
    address = f"http://127.0.0.1:{installation.port}/embed.js"
    assert wait_for(lambda: urllib.request.urlopen(address).status, seconds=5, what="it") == 200
