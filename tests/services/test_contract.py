"""A fuzzer compares every response of the API with its OpenAPI document."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from comments.models import Scope
from tests.services.conftest import Installation
from tests.services.processes import manage

# The same requests every time: a failure can be looked at.
SEED = "20261124"
# JSON Schema can't say all that we refuse ("either a text or a comment", a host that exists), and
# Django takes some things that it says nothing of (a number where a text is asked for).
EXCLUDED = "positive_data_acceptance,negative_data_rejection"


def key(installation: Installation) -> str:
    scopes = [word for scope in Scope if scope != Scope.AKISMET for word in ("--scope", scope)]
    output = manage(installation.environment, "create_key", "gazette", *scopes, "--json")
    return f"Authorization: Bearer {json.loads(output)['key']}"


def token(installation: Installation) -> str:
    owner = ("fuzzer@staff.example", "--site", "gazette", "--role", "owner", "--json")
    output = manage(installation.environment, "create_moderator", *owner)
    return f"Authorization: Token {json.loads(output)['token']}"


@pytest.mark.parametrize("audience", ["servers", "moderators", "readers"])
def test_every_response_matches_the_openapi_document(
    installation: Installation, tmp_path: Path, audience: str
) -> None:
    selection = {
        "servers": lambda: ["--exclude-path-regex", "/review/|/sites/", "-H", key(installation)],
        "moderators": lambda: ["--include-path-regex", "/review/", "-H", token(installation)],
        "readers": lambda: ["--include-path-regex", "/sites/"],
    }[audience]()
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        f"http://127.0.0.1:{installation.port}/api/schema/",
        *selection,
        *("--checks", "all", "--exclude-checks", EXCLUDED, "--warnings", "off"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", SEED),
        "--no-color",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:]
