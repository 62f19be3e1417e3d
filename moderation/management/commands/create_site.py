"""`create_site SLUG --name NAME --origin URL`: create a site for a website."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from comments.models import Site
from comments.models.site import ORIGIN
from moderation.management.command import CommandError, OperatorCommand


class Command(OperatorCommand):
    help = "Connect a website."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="its name in addresses, such as `gazette`")
        parser.add_argument("--name", required=True, help="its name for people")
        parser.add_argument(
            "--origin",
            action="append",
            required=True,
            metavar="URL",
            help="where its pages live, such as https://example.com; may be given repeatedly",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        origins = [origin.rstrip("/").lower() for origin in options["origin"]]
        if invalid := [origin for origin in origins if not ORIGIN.fullmatch(origin)]:
            raise CommandError(f"An origin is a scheme and a host, without a path: {invalid[0]}")
        site = Site(slug=options["slug"], name=options["name"], origins=origins)
        try:
            site.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        site.save()
        return {"slug": site.slug, "id": site.id}

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"Site “{result['slug']}” is there."
