"""`manage.py check` and each program that loads the settings tell an operator what is wrong."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from config.checks import second_reader_is_there
from tests.services.processes import ROOT, free_port

PROGRAMS = {
    "check": ["manage.py", "check"],
    "migrate": ["manage.py", "migrate"],
    "serve": ["manage.py", "serve"],
    "worker": ["-m", "celery", "-A", "config", "worker", "--queues", "screening"],
    "beat": ["-m", "celery", "-A", "config", "beat"],
    "web": ["-m", "gunicorn", "config.wsgi", "--config", "gunicorn.conf.py"],
    "web as others start it": ["-m", "gunicorn", "config.wsgi", "--no-control-socket"],
}


def run(arguments: list[str], folder: Path, **environment: str) -> tuple[int, str]:
    """Return the status of a program, and what it printed."""
    values = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(50),
        "EMAIL_KEYS": Fernet.generate_key().decode(),
        "DATA_DIR": str(folder),
        "PORT": str(free_port()),
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=values | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_can_not_start_says_why_in_one_line(program: str, tmp_path: Path) -> None:
    status, printed = run(PROGRAMS[program], tmp_path, KEY_LIMIT="0")
    assert status != 0
    assert printed.count("Leave a Reply can't start: KEY_LIMIT is 0") == 1
    assert "Traceback" not in printed


def test_a_mistyped_name_is_told(tmp_path: Path) -> None:
    status, printed = run(["manage.py", "check"], tmp_path, TRUSTED_PROXY="127.0.0.1")
    assert status == 0
    assert "Nothing reads TRUSTED_PROXY" in printed
    assert "TRUSTED_PROXIES" in printed


def test_what_production_md_sets_passes_the_check_for_production(tmp_path: Path) -> None:
    status, printed = run(
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        tmp_path,
        DATABASE_URL="postgres://leave_a_reply:tR9b7mQe@127.0.0.1:5432/leave_a_reply",
        REDIS_URL="redis://127.0.0.1:6379/0",
        PUBLIC_URL="https://comments.example",
        TRUSTED_PROXIES="127.0.0.1",
        EMAIL_URL="smtp+tls://user:tR9b7mQe@mail.example:587",
        DEFAULT_FROM_EMAIL="comments@example.com",
    )
    assert status == 0, printed
    assert "no issues" in printed


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PUBLIC_URL": "http://comments.example"}, "PUBLIC_URL does not start with https://"),
        ({"PUBLIC_URL": "https://comments.example"}, "TRUSTED_PROXIES does not say"),
        ({"EMAIL_URL": "smtp://u:password@mail.example"}, "password in EMAIL_URL stands in"),
        ({"DATABASE_URL": "postgres://u:changeme@db/name"}, "password in DATABASE_URL stands in"),
        ({}, "Mail is kept in files"),
        ({"DEBUG": "true"}, "DEBUG set to True"),
    ],
)
def test_the_check_for_production_warns_of(
    environment: dict[str, str], told: str, tmp_path: Path
) -> None:
    _, printed = run(["manage.py", "check", "--deploy"], tmp_path, **environment)
    assert told in printed


def test_words_alone_are_told_where_a_second_reader_is_wanted(no_second_reader: None) -> None:
    (warning,) = second_reader_is_there()
    assert "it is away" in str(warning.hint)


def test_a_second_reader_that_is_turned_off_is_not_missed(
    no_second_reader: None, settings: Any
) -> None:
    settings.SECOND_READER = False
    assert second_reader_is_there() == []
