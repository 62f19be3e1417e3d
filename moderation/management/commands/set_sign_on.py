"""`set_sign_on SLUG [--public-key FILE]`: set up single sign-on of a site's readers."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comments.accounts import single_sign_on
from moderation.management.command import CommandError, OperatorCommand, find_site


class Command(OperatorCommand):
    help = "Share a secret with a site, or trust its key, for single sign-on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument(
            "--public-key", metavar="FILE", help="the site's Ed25519 public key, in PEM"
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        if not options["public_key"]:
            return {"secret": single_sign_on.generate_secret(site), "algorithm": "HS256"}
        try:
            single_sign_on.set_public_key(
                site, Path(options["public_key"]).read_text(encoding="utf-8")
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        return {"algorithm": "EdDSA"}

    def describe(self, result: Mapping[str, Any]) -> str:
        if "secret" in result:
            return f"{result['secret']}\nSign with it by HS256. It can't be shown again."
        return "The site signs with this key by EdDSA from now on."
