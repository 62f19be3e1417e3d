"""Base class of operators' commands: text output for people, JSON for programs."""

import json
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from comments.limits import LimitReached
from comments.models import Site

__all__ = ["CommandError", "OperatorCommand", "find_site"]


class OperatorCommand(BaseCommand):
    """A command that does one thing and prints its result."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="Print JSON for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command and print its result; errors go to standard error with exit status 1.

        A file that can't be read or written is named with the reason. What nobody foresaw is one
        line, too; `--traceback` shows where it came from.
        """
        try:
            result = self.run(**options)
        except CommandError:
            raise
        except LimitReached as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(_in_words(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database says: {error}. Is `migrate` done?") from error
        except Exception as error:
            raise CommandError(_unforeseen(error)) from error
        text = json.dumps(result, default=str) if options["json"] else self.describe(result)
        self.stdout.write(text)

    @abstractmethod
    def run(self, **options: Any) -> Mapping[str, Any]:
        """Run the command and return its result; raise CommandError with one clear line."""

    @abstractmethod
    def describe(self, result: Mapping[str, Any]) -> str:
        """Return the result as text for people."""


def find_site(slug: str) -> Site:
    """Return the site with a slug; raise CommandError when there is none."""
    site = Site.objects.filter(slug=slug).first()
    if site is None:
        raise CommandError(f"There is no site “{slug}”. `create_site {slug} …` makes it.")
    return site


def _in_words(error: OSError) -> str:
    """Return which file can't be used and why, as in “x.pem: No such file or directory.”"""
    return f"{error.filename}: {error.strerror}." if error.filename else _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    return f"This failed ({type(error).__name__}: {error}). `--traceback` shows where."
