"""Run a command with a PostgreSQL of its own: `python -m tests.services.postgres COMMAND…`."""

import os
import subprocess
import sys

from tests.services.processes import postgres

if __name__ == "__main__":
    with postgres() as address:
        environment = {**os.environ, "TEST_DATABASE_URL": address}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
