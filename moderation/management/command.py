"""What the operators' commands share: a text for people, or JSON for programs."""

import json
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.models import Site

__all__ = ["CommandError", "OperatorCommand", "find_site"]


class OperatorCommand(BaseCommand):
    """A command that does one thing and tells what came of it."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="Print JSON for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print what came of it; refusals go to standard error with exit status 1."""
        result = self.act(**options)
        text = json.dumps(result, default=str) if options["json"] else self.tell(result)
        self.stdout.write(text)

    @abstractmethod
    def act(self, **options: Any) -> Mapping[str, Any]:
        """Do it and return the facts; raise CommandError with one clear line when refused."""

    @abstractmethod
    def tell(self, result: Mapping[str, Any]) -> str:
        """Return the facts as a person likes to read them."""


def find_site(slug: str) -> Site:
    """Return the site of that slug; raise CommandError when there is none."""
    site = Site.objects.filter(slug=slug).first()
    if site is None:
        raise CommandError(f"There is no site “{slug}”. `create_site {slug} …` makes it.")
    return site
