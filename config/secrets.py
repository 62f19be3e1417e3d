"""Make the secrets of a new installation: `python -m config.secrets DIR`.

Writes `DIR/secrets.env` (readable by its owner only) unless it is there already. The settings
read that file, and the environment wins over it.
"""

import os
import secrets
import sys
from pathlib import Path

from cryptography.fernet import Fernet


def ensure(directory: Path) -> Path:
    """Return the path of the secrets file in `directory`, making it where it is missing.

    Losing the file means losing every stored address, so an existing one is never touched.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "secrets.env"
    if path.exists():
        return path
    text = f"SECRET_KEY={secrets.token_urlsafe(50)}\nEMAIL_KEYS={Fernet.generate_key().decode()}\n"
    aside = path.with_suffix(f".{os.getpid()}")
    with open(os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    aside.rename(path)
    return path


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
