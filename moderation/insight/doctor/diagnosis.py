"""What an examination says of one part of an installation."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How bad it is, the worst first."""

    ERROR = "error"
    WARNING = "warning"


class Diagnosis(NamedTuple):
    """Something that is wrong, and what to do about it."""

    level: Level
    text: str
    advice: str = ""


def error(text: str, advice: str = "") -> Diagnosis:
    """Return that something does not work."""
    return Diagnosis(Level.ERROR, text, advice)


def warning(text: str, advice: str = "") -> Diagnosis:
    """Return that something works, but not as well or as safely as it should."""
    return Diagnosis(Level.WARNING, text, advice)
