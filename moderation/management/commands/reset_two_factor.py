"""`reset_two_factor EMAIL`: remove the second factor of who lost phone and recovery codes."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from comments.models import User
from moderation.management.command import CommandError, OperatorCommand
from moderation.review import members


class Command(OperatorCommand):
    help = "Take a user's second factor away; make sure first that it is that person who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")

    def run(self, **options: Any) -> Mapping[str, Any]:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        removed = members.reset_second_factor(user, by=None, now=timezone.now())
        return {"email": user.email, "removed": removed}

    def describe(self, result: Mapping[str, Any]) -> str:
        if not result["removed"]:
            return f"{result['email']} has no second factor."
        return f"{result['email']} signs in with the password alone, until a new one is set up."
