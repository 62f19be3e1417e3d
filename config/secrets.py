"""Generate the secrets of a new installation: `python -m config.secrets DIR`.

Writes `DIR/secrets.env` (readable by its owner only) unless it exists. The settings read that file;
environment variables take precedence.
"""

import os
import secrets
import sys
from pathlib import Path

from cryptography.fernet import Fernet


def ensure(directory: Path) -> Path:
    """Return the path of the secrets file in `directory`, created where it is missing.

    An existing file is never changed: losing it means losing every stored email address.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "secrets.env"
    if path.exists():
        return path
    text = f"SECRET_KEY={secrets.token_urlsafe(50)}\nEMAIL_KEYS={Fernet.generate_key().decode()}\n"
    temporary = path.with_suffix(f".{os.getpid()}")
    with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    temporary.rename(path)
    return path


if __name__ == "__main__":
    ensure(Path(sys.argv[1]))
