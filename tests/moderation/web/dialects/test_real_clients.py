"""Other people's clients, unmodified, each in a process of its own, against a served installation.

A driver in `drivers/` says the same few things through each of them and prints what it was told.
"""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.moderation.web.dialects.drivers.script import BLOG, GOOD, INSULT, SPAM
from tests.moderation.web.dialects.serving import Served, served
from tests.services.processes import ROOT, ServiceMissing

DRIVERS = Path(__file__).parent / "drivers"
CLIENTS = ROOT / "build/clients"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served")) as installed:
        yield installed


@pytest.fixture(autouse=True)
def nothing_remembered(installation: Served) -> None:
    """Forget what the other clients said: they all say the same."""
    with sqlite3.connect(installation.folder / "db.sqlite3", timeout=20) as connection:
        for table in ("label", "comparison", "contentfingerprint", "akismetcheck"):
            connection.execute(f"DELETE FROM moderation_{table}")


@pytest.fixture(scope="module")
def akismet_key(installation: Served) -> str:
    return installation.key("--scope", "akismet")


@pytest.fixture(scope="module")
def key(installation: Served) -> str:
    return installation.key("--scope", "checks", "--scope", "feedback")


Drive = Callable[..., dict[str, Any]]


@pytest.fixture
def drive(installation: Served) -> Drive:
    """Return a function that runs a driver and returns what it was told."""

    def run(driver: str, key: str, *, client: str = "") -> dict[str, Any]:
        environment = {**os.environ, "PORT": str(installation.port), "KEY": key}
        done = subprocess.run(
            [*_program(driver, client, environment), str(DRIVERS / driver)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    return run


def _program(driver: str, client: str, environment: dict[str, str]) -> list[str]:
    if driver.endswith(".mjs"):
        node = shutil.which("node")
        if not node or not (ROOT / "tests/node_modules").exists():
            raise ServiceMissing("Node or its packages are missing: `make services` installs them.")
        return [node]
    if not (CLIENTS / client).exists():
        raise ServiceMissing(f"{client} is missing: `make services` installs it.")
    environment["PYTHONPATH"] = str(CLIENTS / client)
    return [sys.executable]


def labels(installation: Served, category: str) -> dict[str, bool]:
    query = "SELECT text, value FROM moderation_label WHERE category = ?"
    return {text: bool(value) for text, value in installation.rows(query, category)}


# Akismet


@pytest.mark.parametrize(
    ("driver", "client", "seen"),
    [
        (
            "akismet_pypi.py",
            "akismet",
            {
                "key": True,
                "wrong key": False,
                "good": "ham",
                "spam": "discard",
                "tester": "discard",
                "submit spam": True,
                "submit ham": True,
                "usage": ["limit", "percentage", "throttled", "usage"],
                "key sites is refused": True,
            },
        ),
        (
            "akismet_python.py",
            "python-akismet",
            {
                "wrong key": "Akismet server returned an error: "
                "The key is missing, unknown, revoked or expired.",
                "good": "ham",
                "spam": "discard",
                "tester": "discard",
            },
        ),
        (
            "akismet_async.py",
            "akismet-async",
            {
                "key": True,
                "wrong key": False,
                "good": "ham",
                "spam": "definite_spam",
                "tester": "definite_spam",
                "submit spam": None,
                "submit ham": None,
            },
        ),
        (
            "akismet_api.mjs",
            "",
            {
                "key": True,
                "wrong key": False,
                "good": False,
                "spam": True,
                "tester": True,
                "decoy": True,
                "refusal": "Invalid API key",
                "submit spam": "Thanks for making the web a better place.",
                "submit ham": "Thanks for making the web a better place.",
            },
        ),
        (
            "akismet_npm.mjs",
            "",
            {
                "key": True,
                "wrong key": False,
                "good": False,
                "spam": True,
                "tester": True,
                "submit spam": None,
                "submit ham": None,
            },
        ),
        (
            "akismet_cedx.mjs",
            "",
            {
                "key": True,
                "wrong key": False,
                "good": "ham",
                "spam": "discard",
                "tester": "discard",
                "refusal": "The key is missing, unknown, revoked or expired.",
                "submit spam": None,
                "submit ham": None,
            },
        ),
    ],
)
def test_a_client_of_akismet_is_understood(
    drive: Drive,
    installation: Served,
    akismet_key: str,
    driver: str,
    client: str,
    seen: dict[str, Any],
) -> None:
    assert drive(driver, akismet_key, client=client) == seen
    assert labels(installation, "SPAM") == {GOOD: True, SPAM: False}


def fields(key: str) -> bytes:
    asked = {"api_key": key, "blog": "https://gazette.example", "user_ip": "198.51.100.7"}
    return urlencode({**asked, "comment_content": SPAM}).encode()


def test_an_old_client_is_told_how_long_the_answer_is(
    installation: Served, akismet_key: str
) -> None:
    body = fields(akismet_key)
    head = f"POST /1.1/comment-check HTTP/1.0\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with socket.create_connection(("127.0.0.1", installation.port), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        answer = connection.makefile("rb").read()
    headers, _, told = answer.partition(b"\r\n\r\n")
    assert told == b"true"
    assert b"\r\nContent-Length: 4\r\n" in headers
    assert b"chunked" not in headers


def test_a_client_may_send_its_body_in_chunks(installation: Served, akismet_key: str) -> None:
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=30)
    connection.request("POST", "/1.1/comment-check", iter([fields(akismet_key)]))
    assert connection.getresponse().read() == b"true"
    connection.close()


# Perspective


def summary(answer: Any, attribute: str = "TOXICITY") -> float:
    return float(answer["attributeScores"][attribute]["summaryScore"]["value"])


def test_googles_own_client_is_understood(drive: Drive, installation: Served, key: str) -> None:
    seen = drive("google_api.py", key, client="google-and-openai")
    assert summary(seen["good"]) < 0.2 < 0.8 < summary(seen["insult"])
    assert seen["good"]["languages"] == ["en"]
    assert seen["unknown attribute"]["status"] == 400
    assert seen["unknown attribute"]["details"][0]["errorType"] == "INVALID_REQUEST"
    assert seen["language"]["details"][0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert seen["wrong key"]["details"][0]["reason"] == "API_KEY_INVALID"
    assert seen["suggested"]["clientToken"] == "7"
    assert labels(installation, "TOXICITY") == {INSULT: False}
    assert summary(seen["batch"]["1"]) < 0.2 < 0.8 < summary(seen["batch"]["2"])
    assert seen["batch"]["3"]["status"] == 400


def test_perspectiveapi_of_pypi_is_understood(drive: Drive, key: str) -> None:
    seen = drive("perspectiveapi_pypi.py", key, client="google-and-openai")
    assert seen["good"]["TOXICITY"] < 0.2 < 0.8 < seen["insult"]["TOXICITY"]
    assert set(seen["insult"]) == {"TOXICITY", "INSULT", "THREAT", "SEVERE_TOXICITY"}


def test_perspective_api_client_of_npm_is_understood(drive: Drive, key: str) -> None:
    seen = drive("perspective_npm.mjs", key)
    assert summary(seen["good"]) < 0.2 < 0.8 < summary(seen["insult"])
    assert seen["insult"]["attributeScores"]["INSULT"]["spanScores"][0]["end"] == len(INSULT)
    assert seen["unknown attribute"] == "Unknown requested attribute: FLIRTATION"
    assert seen["wrong key"] == "API key not valid. Please pass a valid API key."


# OpenAI


def test_openai_of_pypi_is_understood(drive: Drive, key: str) -> None:
    seen = drive("openai_pypi.py", key, client="google-and-openai")
    assert (seen["good"], seen["insult"], seen["together"]) == (False, True, [True])
    assert seen["harassment"] > 0.8
    assert seen["self-harm"] == 0
    assert seen["applied"] == ["text"]
    assert seen["model"].startswith("leave-a-reply-")
    assert seen["wrong key"] == "invalid_api_key"


def test_openai_of_npm_is_understood(drive: Drive, key: str) -> None:
    seen = drive("openai_npm.mjs", key)
    assert seen["flagged"] == [False, True]
    assert seen["harassment"] > 0.8
    assert seen["self-harm"] == 0
    assert seen["wrong key"] == "invalid_api_key"


# What the guides show.


@pytest.fixture
def run_guide(installation: Served) -> Callable[..., None]:
    """Return a function that runs the Python of a guide, as it stands there, but here."""

    def run(guide: str, client: str, before: str, **environment: str) -> None:
        text = (ROOT / "docs/migrate" / guide).read_text(encoding="utf-8")
        (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        here = f"127.0.0.1:{installation.port}"
        for there, instead in (
            ('scheme="https", host="comments.example", port=443', HERE.format(installation.port)),
            ('"comments.example"', f'"{here}"'),
            ("https://comments.example", f"http://{here}"),
            ("https://commentanalyzer.googleapis.com", f"http://{here}"),
        ):
            code = code.replace(there, instead)
        path = {"PYTHONPATH": str(CLIENTS / client)}
        done = subprocess.run(
            [sys.executable, "-c", before + code],
            env={**os.environ, **path, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    return run


HERE = 'scheme="http", host="127.0.0.1", port={}'


def compared(installation: Served, category: str) -> list[tuple[Any, ...]]:
    query = "SELECT ours, their_score FROM moderation_comparison WHERE category = ? ORDER BY id"
    return installation.rows(query, category)


def test_the_transport_of_the_guide_leads_here(
    run_guide: Callable[..., None], akismet_key: str
) -> None:
    keys = {"PYTHON_AKISMET_API_KEY": akismet_key, "PYTHON_AKISMET_BLOG_URL": BLOG}
    run_guide("akismet.md", "akismet", "", **keys)


def test_a_copy_of_what_perspective_said_is_compared(
    run_guide: Callable[..., None], installation: Served, key: str
) -> None:
    shadow = installation.key("--scope", "checks", "--mode", "shadow")
    before = f"text, THEIR_KEY, SHADOW_KEY = {INSULT!r}, {key!r}, {shadow!r}\n"
    run_guide("perspective.md", "google-and-openai", before)
    ((ours, their_score),) = compared(installation, "TOXICITY")
    assert ours
    assert their_score > 0.8


def test_a_copy_of_what_openai_said_is_compared(
    run_guide: Callable[..., None], installation: Served, key: str
) -> None:
    shadow = installation.key("--scope", "checks", "--mode", "shadow")
    openai = {"OPENAI_BASE_URL": f"http://127.0.0.1:{installation.port}/v1", "OPENAI_API_KEY": key}
    before = f"texts, SHADOW_KEY = {[GOOD, INSULT]!r}, {shadow!r}\n"
    run_guide("openai.md", "google-and-openai", before, **openai)
    assert [bool(ours) for ours, _ in compared(installation, "IDENTITY_ATTACK")] == [False, False]
    told = json.loads(installation.manage("compare", "gazette", "--json"))["categories"]
    assert {one["category"] for one in told} >= {"TOXICITY", "IDENTITY_ATTACK", "THREAT"}
