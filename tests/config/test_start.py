"""What a process loads before it does anything: it is paid by each, in time and in memory."""

import subprocess
import sys

import pytest

# What only learning, measuring and sketches of texts need.
LATER = ("sklearn", "scipy", "datasketch")


@pytest.mark.parametrize(
    "starts",
    [
        "import config.wsgi",
        "from config.celery import app; app.loader.import_default_modules()",
    ],
)
def test_no_process_loads_what_it_may_never_need(starts: str) -> None:
    code = f"import sys; {starts}; print(*(name for name in {LATER} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
