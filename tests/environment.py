"""The settings of the tests, put into the environment before Django reads them.

`python -m tests.environment COMMAND…` runs another command with the same settings.
"""

import os
import sys
import tempfile

from cryptography.fernet import Fernet

for name in ("REDIS_URL", "REPLICA_URL"):
    os.environ.pop(name, None)
# Tests start our programs some hundred times, and each would compile all of our code.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ.update(
    SECRET_KEY="the tests' own key, of no use to anybody else, 0123456789abcdef",
    EMAIL_KEYS=Fernet.generate_key().decode(),
    DATA_DIR=tempfile.mkdtemp(prefix="leave-a-reply-"),
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"),
    PUBLIC_URL="http://testserver",
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    LOG_LEVEL="WARNING",
    # Playwright keeps an event loop in the main thread, and Django would take every later query of
    # the same process for a mistake in asynchronous code.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)

if __name__ == "__main__":
    os.execvp(sys.argv[1], sys.argv[1:])
