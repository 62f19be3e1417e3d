"""What a process loads before it does anything: it is paid by each, in time and in memory."""

import subprocess
import sys

import pytest

# What only learning, measuring and sketches of texts need.
LATER = ("sklearn", "scipy", "datasketch")


STARTS = [
    "import config.wsgi",
    "from config.celery import app; app.loader.import_default_modules()",
]


def printed(code: str) -> list[str]:
    """Return the words that a new process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("starts", STARTS)
def test_no_process_loads_what_it_may_never_need(starts: str) -> None:
    print_loaded = f"print(*(name for name in {LATER} if name in sys.modules))"
    assert printed(f"import sys; {starts}; {print_loaded}") == []


def test_nothing_is_looked_through_for_garbage_while_a_process_starts() -> None:
    assert printed("import gc, config.settings; print(gc.isenabled())") == ["False"]


@pytest.mark.parametrize("starts", STARTS)
def test_once_it_has_started_garbage_is_collected_but_what_it_imported_is_left_alone(
    starts: str,
) -> None:
    code = f"import gc; {starts}; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    assert printed(code) == ["True", "True"]
