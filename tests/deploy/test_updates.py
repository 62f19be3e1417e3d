"""The files that the forge reads keep their schemas."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.processes import ROOT

SCHEMAS = {
    ".github/dependabot.yml": "vendor.dependabot",
    ".github/workflows/ci.yml": "vendor.github-workflows",
}


@pytest.mark.parametrize("path", SCHEMAS)
def test_it_keeps_its_schema(path: str) -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    command = [str(tool), "--builtin-schema", SCHEMAS[path], str(ROOT / path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
