"""The settings of an installation that a benchmark measures, whose load is no flood to it."""

from pathlib import Path

from cryptography.fernet import Fernet


def settings(folder: Path | str, *, database: str, **others: str) -> dict[str, str]:
    """Return the environment of an installation in a folder; `others` are added, or instead."""
    return {
        "SECRET_KEY": "the benchmark's own key, of no use to anybody else, 0123456789abcdef",
        "EMAIL_KEYS": Fernet.generate_key().decode(),
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        # Each comment comes from an address of its own.
        "TRUSTED_PROXIES": "127.0.0.1",
        "FLOOD_LEAST": "0",
        "LOG_LEVEL": "WARNING",
        **others,
    }
