"""Read variables of the environment, and stop the start at the first value that makes no sense."""

import os
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import environ

T = TypeVar("T")
D = TypeVar("D")
# How alike two names are, from 0 to 1, for one to be taken for a mistyped other.
ALIKE = 0.8


class WrongSetting(SystemExit):
    """A variable that stops the start.

    A SystemExit, so that each program that loads the settings (a command, a web server, a worker)
    ends with this one line and a status other than 0, and without a traceback.
    """


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of values: how one is parsed, and what a right one looks like.

    `parse` raises ValueError with what is wrong, as the rest of a sentence that starts with the
    variable's name. It never repeats a secret.
    """

    parse: Callable[[str], T]
    example: str
    # Where a right one comes from, for what has no example: one of a secret would be used.
    advice: str = ""


class Environment:
    """The variables of the environment, with a file of more behind them."""

    def __init__(self, values: MutableMapping[str, str]) -> None:
        self._values = values
        # The variables that were read: all that there are.
        self.known: dict[str, Kind[Any]] = {}

    def read_file(self, path: Path) -> None:
        """Read a file of lines `NAME=value`, if it is there; the environment wins over it."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSetting(f"{path} can't be read: {error}.") from None
        for number, line in enumerate(text.splitlines(), 1):
            name, equals, _ = line.strip().removeprefix("export ").partition("=")
            if line.strip() and not line.lstrip().startswith("#") and not (equals and name):
                raise WrongSetting(f"{path}: line {number} is not of the form NAME=value.")
        environ.Env.read_env(path, overwrite=False)

    @overload
    def read(self, name: str, kind: Kind[T]) -> T: ...
    @overload
    def read(self, name: str, kind: Kind[T], *, default: D) -> T | D: ...

    def read(self, name: str, kind: Kind[T], *, default: object = ...) -> object:
        """Return a variable's value, or the default where it is not set or empty.

        Without a default the variable is required. Raises WrongSetting.
        """
        self.known[name] = kind
        text = self.text(name)
        if not text:
            if default is ...:
                raise self.wrong(name, "is not set")
            return default
        if not text.isprintable():
            raise self.wrong(name, "has a character that can't be printed")
        try:
            return kind.parse(text)
        except ValueError as error:
            raise self.wrong(name, str(error)) from None
        except (OSError, RuntimeError) as error:  # Of a path: too long, of nobody's home, closed.
            raise self.wrong(name, f"can't be used: {error}") from None

    def text(self, name: str) -> str:
        """Return a variable's text; an empty one where it is not set."""
        return self._values.get(name, "").strip()

    def wrong(self, name: str, fault: str) -> WrongSetting:
        """Return the error that tells what is wrong with a variable, and what would be right."""
        kind = self.known[name]
        advice = kind.advice or f"Right is, for example: {name}={kind.example}"
        return WrongSetting(f"Leave a Reply can't start: {name} {fault}. {advice}")

    def mistyped(self) -> dict[str, str]:
        """Return the variables that nothing reads but that look like one, with that one's name."""
        unknown = (name for name in self._values if name not in self.known)
        alike = {name: get_close_matches(name, self.known, 1, ALIKE) for name in unknown}
        return {name: matches[0] for name, matches in alike.items() if matches}


# Of this process. The settings read every variable while they are loaded.
environment = Environment(os.environ)
