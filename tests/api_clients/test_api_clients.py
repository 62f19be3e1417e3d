"""Our clients, as `make clients` builds them, call an installation that is really served."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import ROOT

COMMENT = {
    "thread": {"key": "from-python"},
    "author_name": "Ann",
    "author_email": "ann@reader.example",
    "body": "Hello from Python.",
}
# What our types must find, and what they must not.
TYPED = """
from leave_a_reply_client import Client
client = Client("https://comments.example", "lar_")
for comment in client.comments(status="approved"):
    name: str = comment["author_name"]
client.check([{"text": "one"}])
"""
MISTYPED = """
from leave_a_reply_client import Client
Client("https://comments.example", "lar_").check([{"txt": "one"}])
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    installed = Served(tmp_path_factory.mktemp("served"))
    try:
        installed.start_web()
        yield installed
    finally:
        installed.kill()


@pytest.fixture(scope="module")
def key(installation: Served) -> str:
    return installation.key("--scope", "comments", "--scope", "checks")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python client, installed from its wheel."""
    (wheel,) = (ROOT / "build/dist-clients").glob("*.whl")
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True)
    return target


@pytest.fixture
def python_client(package: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(package))
    import leave_a_reply_client

    return leave_a_reply_client


def test_the_python_client_calls_the_api(
    python_client: Any, installation: Served, key: str
) -> None:
    client = python_client.Client(f"http://127.0.0.1:{installation.port}/", key)
    posted = client.post_comment(COMMENT, idempotency_key="once-from-python")
    again = client.post_comment(COMMENT, idempotency_key="once-from-python")
    assert again["id"] == posted["id"]
    assert client.decide(posted["id"], "APPROVE")["status"] == "approved"
    approved = client.comments(status="approved", thread="from-python")
    assert [comment["id"] for comment in approved] == [posted["id"]]
    assert len(client.check([{"text": "one"}, {"text": "two"}])) == 2
    client.delete_comment(posted["id"])
    assert client.comment(posted["id"])["status"] == "deleted"


def test_the_python_client_reads_all_pages(
    python_client: Any, installation: Served, key: str
) -> None:
    client = python_client.Client(f"http://127.0.0.1:{installation.port}", key)
    for number in range(60):
        client.post_comment(
            {**COMMENT, "thread": {"key": "long-from-python"}, "body": f"Number {number}"}
        )
    assert len({comment["id"] for comment in client.comments(thread="long-from-python")}) == 60


def test_a_refusal_is_an_exception_with_a_code(
    python_client: Any, installation: Served, key: str
) -> None:
    client = python_client.Client(f"http://127.0.0.1:{installation.port}", key)
    with pytest.raises(python_client.Refused) as refused:
        client.call("GET", "policy")
    assert (refused.value.status, refused.value.code) == (403, "scope-missing")


@pytest.mark.parametrize(("code", "status"), [(TYPED, 0), (MISTYPED, 1)])
def test_the_types_of_the_python_client_are_those_of_the_description(
    package: Path, tmp_path: Path, code: str, status: int
) -> None:
    (tmp_path / "use.py").write_text(code)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "use.py"]
    environment = {**os.environ, "MYPYPATH": str(package)}
    done = subprocess.run(
        mypy, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout


def test_the_javascript_client_calls_the_api(installation: Served, key: str) -> None:
    address = f"http://127.0.0.1:{installation.port}"
    done = subprocess.run(
        ["npm", "test"],
        cwd=ROOT / "clients/js",
        env={**os.environ, "ADDRESS": address, "KEY": key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass 4" in done.stdout


def test_the_types_of_the_javascript_client_find_mistakes() -> None:
    compiler = ["npx", "tsc", "--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck"]
    done = subprocess.run(
        [*compiler, "test/types.ts"],
        cwd=ROOT / "clients/js",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
