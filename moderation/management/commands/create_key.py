"""`create_key SLUG --scope checks --scope comments`: issue an API key for a site's servers."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from comments.accounts.api_keys import InvalidScopes
from comments.models import KeyMode, Scope
from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import SystemActor
from moderation.review.people import api_keys


class Command(OperatorCommand):
    help = "Make a key for a site's own servers or plugins; it is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            metavar="SCOPE",
            help=f"what it may do; may be given repeatedly: {', '.join(Scope.values)}",
        )
        parser.add_argument(
            "--mode",
            choices=KeyMode.values,
            default=KeyMode.CHECK.value,
            help="answer only; or have a person look at what is held, and tell the plugin later "
            "(scope akismet); or keep what is said beside what the present service said",
        )
        parser.add_argument("--name", default="", help="what uses it")

    def run(self, **options: Any) -> Mapping[str, Any]:
        scopes = options["scope"]
        try:
            issued = api_keys.issue(
                find_site(options["slug"]),
                scopes=scopes,
                name=options["name"] or ", ".join(scopes),
                mode=KeyMode(options["mode"]),
                by=SystemActor.COMMAND_LINE,
                now=timezone.now(),
            )
        except InvalidScopes as error:
            raise CommandError(str(error)) from None
        return {"key": issued.secret, "id": issued.key.public_id, "scopes": issued.key.scopes}

    def describe(self, result: Mapping[str, Any]) -> str:
        lines = [
            result["key"],
            f"Keep it: it can't be shown again. Lists show it as {result['id']}.",
        ]
        if Scope.AKISMET in result["scopes"]:
            lines += [f"The plugin's address is {settings.PUBLIC_URL}: see docs/akismet.md."]
        else:
            lines += [
                "Send it as `Authorization: Bearer …`; what it may do is described at "
                f"{settings.PUBLIC_URL}/api/docs/."
            ]
        return "\n".join(lines)
