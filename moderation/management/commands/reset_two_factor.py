"""`reset_two_factor EMAIL`: remove the second factor of who lost phone and recovery codes."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from comments.accounts import two_factor
from comments.models import User
from moderation.management.command import CommandError, OperatorCommand


class Command(OperatorCommand):
    help = "Take a user's second factor away; make sure first that it is that person who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")

    def run(self, **options: Any) -> Mapping[str, Any]:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        return {"email": user.email, "removed": two_factor.remove(user)}

    def describe(self, result: Mapping[str, Any]) -> str:
        if not result["removed"]:
            return f"{result['email']} has no second factor."
        return f"{result['email']} signs in with the password alone, until a new one is set up."
