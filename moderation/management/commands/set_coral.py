"""`set_coral SLUG`: store the signing secret of Coral's external moderation phase."""

import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import SystemActor
from moderation.review.sites import shared_secrets


class Command(OperatorCommand):
    help = "Read the signing secret that Coral shows from standard input."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        secret = sys.stdin.readline().strip()
        if not secret:
            raise CommandError("Type the secret, or send it to standard input.")
        try:
            by, now = SystemActor.COMMAND_LINE, timezone.now()
            shared_secrets.take_coral_secret(site, secret, by=by, now=now)
        except shared_secrets.SecretRefused as refusal:
            raise CommandError(str(refusal)) from None
        return {"url": f"{settings.PUBLIC_URL}/coral/{site.slug}"}

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"Enter this address in Coral: {result['url']}"
