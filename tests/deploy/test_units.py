"""The units of systemd: one for each kind of process, closed as far as they go."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.celery_settings import QUEUES
from moderation.management.commands import serve
from tests.services.processes import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service"))
CLOSED = {
    *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes"),
    *("UMask=0077", "StateDirectoryMode=0700", "Restart=always", "CapabilityBoundingSet="),
}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_closed_and_comes_back(unit: Path) -> None:
    assert set(unit.read_text().splitlines()) >= CLOSED


def test_every_queue_has_a_unit() -> None:
    text = (ROOT / "docs" / "production.md").read_text()
    for queue in QUEUES:
        assert (
            f"leave-a-reply-worker@{queue}" in text
            or (ROOT / "deploy" / f"leave-a-reply-{queue}.service") in UNITS
        )


def test_a_site_that_imports_leaves_a_process_to_the_others() -> None:
    unit = (ROOT / "deploy" / "leave-a-reply-transfers.service").read_text()
    manual = (ROOT / "docs" / "production.md").read_text()
    (by_hand,) = [line for line in manual.splitlines() if "--queues transfers" in line]
    for command in (unit, by_hand, serve.commands("127.0.0.1:8000")["transfers"]):
        assert "--concurrency 2 --max-tasks-per-child 1" in command


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_a_unit(unit: Path, tmp_path: Path) -> None:
    programs = str(Path(sys.executable).parent)
    text = unit.read_text().replace("/opt/leave-a-reply/.venv/bin", programs)
    copy = tmp_path / unit.name.replace("@", "@screening")
    copy.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(copy)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert unit.stem.split("@")[0] not in done.stderr, done.stderr
