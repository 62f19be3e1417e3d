"""Run an installation with one command: `python -m config.run`, which is `make run`.

On the first start it makes the secrets, the tables, a demo site and a login; on each later one it
brings the tables up to date.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from config import secrets
from moderation.management import ports


def main() -> None:
    """Prepare what is missing in DATA_DIR, and serve on PORT until Ctrl-C."""
    secrets.ensure(Path(os.environ.setdefault("DATA_DIR", str(Path.cwd() / "data"))))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Before anything is touched: an installation that runs already goes on with what it has.
    ports.ensure_free(f"127.0.0.1:{settings.PORT}")
    call_command("migrate", verbosity=0)
    call_command("seed_demo")
    call_command("serve", skip_checks=False)


if __name__ == "__main__":
    main()
