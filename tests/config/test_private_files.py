"""What is stored can be read by its owner alone, whoever made it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import private_files
from tests.services.processes import ROOT


def open_to_others(folder: Path) -> list[str]:
    """Return what others than the owner may read or enter, the folder itself included."""
    paths: Iterator[Path] = iter([folder, *folder.rglob("*")])
    return [str(path) for path in paths if path.lstat().st_mode & 0o077]


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_lay_open_is_closed(tmp_path: Path) -> None:
    for name in ("mail/a.log", "broker/b.msg", "broker/control/c", "transfers/d/e", "db.sqlite3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "db.sqlite3-wal").write_text("x")
    (tmp_path / "secrets.env").write_text("x")
    assert open_to_others(tmp_path)
    private_files.close(tmp_path)
    assert open_to_others(tmp_path) == []


def test_what_is_made_later_is_closed_too(tmp_path: Path) -> None:
    private_files.close(tmp_path / "data")
    (tmp_path / "data" / "later").mkdir()
    (tmp_path / "data" / "later" / "file").write_text("x")
    assert open_to_others(tmp_path / "data") == []


def test_a_link_leads_to_no_change_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "elsewhere").chmod(0o644)
    (tmp_path / "data" / "mail").mkdir(parents=True)
    (tmp_path / "data" / "mail" / "link").symlink_to(tmp_path / "elsewhere")
    private_files.close(tmp_path / "data")
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o644


def test_the_commands_of_a_first_start_leave_nothing_open(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }
    for command in (
        ["-m", "config.secrets", str(folder)],
        ["manage.py", "migrate", "--verbosity", "0"],
        ["manage.py", "seed_demo"],
        ["manage.py", "send_test_mail", "somebody@mail.example"],
        ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
    ):
        subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True
        )
    assert {path.name for path in folder.iterdir()} >= {"secrets.env", "db.sqlite3", "mail"}
    assert open_to_others(folder) == []
