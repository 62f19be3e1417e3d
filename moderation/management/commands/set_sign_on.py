"""`set_sign_on SLUG [--public-key FILE]`: set up single sign-on of a site's readers."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import SystemActor
from moderation.review.sites import shared_secrets


class Command(OperatorCommand):
    help = "Share a secret with a site, or trust its key, for single sign-on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument(
            "--public-key", metavar="FILE", help="the site's Ed25519 public key, in PEM"
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, now, by = find_site(options["slug"]), timezone.now(), SystemActor.COMMAND_LINE
        if not options["public_key"]:
            secret = shared_secrets.make_sign_on_secret(site, by=by, now=now)
            return {"secret": secret, "algorithm": "HS256"}
        # Of a file that is no text, it is said that it is no key.
        pem = Path(options["public_key"]).read_text(encoding="utf-8", errors="replace")
        try:
            shared_secrets.set_public_key(site, pem, by=by, now=now)
        except ValueError as error:
            raise CommandError(str(error)) from None
        return {"algorithm": "EdDSA"}

    def describe(self, result: Mapping[str, Any]) -> str:
        if "secret" in result:
            former = "The one until now stays valid: drop it on the desk (Sites, Shared secrets)."
            return f"{result['secret']}\nSign with it by HS256. It can't be shown again. {former}"
        return "The site signs with this key by EdDSA from now on."
