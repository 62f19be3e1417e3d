"""`create_moderator EMAIL --site SLUG --role ROLE`: create a user with a role at a site."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from comments.models import Membership, Role, User
from moderation.decisions import audit
from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import AuditAction, SystemActor
from moderation.review import review_tokens


class Command(OperatorCommand):
    help = "Let somebody look after a site, and print a token for the review API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--site", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read a password for the admin; without one the token is the only way in",
        )

        parser.add_argument(
            "--token-name", default="create_moderator", help="what uses the token, as lists show it"
        )
        parser.add_argument(
            "--token-lasts",
            choices=list(review_tokens.LIFETIMES),
            default="90 days",
            help="when the token ends by itself",
        )

    @transaction.atomic
    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["site"])
        user = _user(options["email"])
        if options["password_stdin"]:
            _set_password(user, sys.stdin.readline().rstrip("\n"))
        membership, _ = Membership.objects.update_or_create(
            site=site, user=user, defaults={"role": Role(options["role"])}
        )
        audit.record(
            AuditAction.MEMBER_SET,
            site=site,
            by=SystemActor.COMMAND_LINE,
            now=timezone.now(),
            subject=user.pk,
            detail={"member": user.email, "role": membership.role},
        )
        token = review_tokens.issue(
            user,
            by=None,
            now=timezone.now(),
            name=options["token_name"],
            lifetime=review_tokens.LIFETIMES[options["token_lasts"]],
        )
        return {
            "email": user.email,
            "site": site.slug,
            "role": options["role"],
            "token": token,
            "has_password": user.has_usable_password(),
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        desk = f"{settings.PUBLIC_URL}/admin/"
        lines = [
            f"{result['email']} is {result['role']} of “{result['site']}”.",
            f"Review API token, shown only now: {result['token']}",
            f"Try it: curl -H 'Authorization: Token …' {settings.PUBLIC_URL}/api/v1/review/queue",
            f"Moderators’ desk: {desk}",
        ]
        if not result["has_password"]:
            lines += [
                "There is no password for the desk yet: `manage.py changepassword "
                f"{result['email']}` sets one."
            ]
        return "\n".join(lines)


def _user(email: str) -> User:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"This is no email address: {email}") from None
    known = User.objects.filter(email=email.strip().lower()).first()
    return known or User.objects.create_user(email, is_staff=True)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    user.set_password(password)
    user.save(update_fields=["password"])
