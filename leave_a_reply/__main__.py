"""The command `leave-a-reply`, which is also `python -m leave_a_reply`."""

import os
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path

from leave_a_reply import __version__

USAGE = f"""\
Leave a Reply {__version__}: comments for any website, moderated by yourself.

  leave-a-reply run                 all of it on this machine, with a demo site at first
  leave-a-reply manage COMMAND …    an operator's command; `manage help` lists them

What `run` runs, one by one, for more machines than this one:

  leave-a-reply secrets             make the keys in DATA_DIR/secrets.env, unless they are there
  leave-a-reply web OPTION …        the web server, with gunicorn's options
  leave-a-reply worker QUEUE …      a worker, with Celery's options: screening, outgoing, transfers
  leave-a-reply beat                what starts periodic work; one is enough

Settings are environment variables: docs/configuration.md. DATA_DIR is {{data}}.
"""
PACKAGE = Path(__file__).resolve().parent
# The checkout that this file lies in, unless it is installed.
APP = PACKAGE / "app" if (PACKAGE / "app").is_dir() else PACKAGE.parent


def main() -> None:
    """Replace this process by the one that the arguments name."""
    name, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    environment = settings(os.environ)
    if name in {"help", "-h", "--help"}:
        sys.stdout.write(USAGE.format(data=environment["DATA_DIR"]))
        return
    if name in {"version", "--version"}:
        sys.stdout.write(f"{__version__}\n")
        return
    command = program(name, arguments, environment)
    if not command:
        sys.exit(f"leave-a-reply has no command “{name}”. `leave-a-reply help` lists them.")
    if name != "manage":  # Its arguments may be files of the folder that it was called in.
        os.chdir(APP)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-P", *command], dict(environment))  # noqa: S606


def settings(given: Mapping[str, str]) -> MutableMapping[str, str]:
    """Return the environment of the programs: they find the code, and a folder for the data."""
    home = Path(given.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    data = Path(given.get("DATA_DIR") or (home / "leave-a-reply" if APP.name == "app" else "data"))
    path = os.pathsep.join([str(APP), *filter(None, [given.get("PYTHONPATH")])])
    return {**given, "DATA_DIR": str(data.absolute()), "PYTHONPATH": path}


def program(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
    """Return Python's arguments for a command; none where there is no such command."""
    celery = ["-m", "celery", "-A", "config"]
    if name == "worker":
        queue, *options = arguments or ["screening"]
        place = ["--queues", queue, "--hostname", f"{queue}@%h"]
        return [*celery, "worker", *place, *options]
    commands = {
        "run": ["-m", "config.run"],
        "manage": [str(APP / "manage.py")],
        "secrets": ["-m", "config.secrets", environment["DATA_DIR"]],
        "web": ["-m", "gunicorn", "config.wsgi", "--config", str(APP / "gunicorn.conf.py")],
        "beat": [*celery, "beat"],
    }
    return [*commands[name], *arguments] if name in commands else []


if __name__ == "__main__":
    main()
