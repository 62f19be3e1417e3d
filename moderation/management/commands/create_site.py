"""`create_site SLUG --name NAME --origin URL`: create a site for a website, or add to it."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from comments.models import Membership, Site
from moderation.management.command import CommandError, OperatorCommand
from moderation.models import SystemActor
from moderation.review.sites import create, snippets


class Command(OperatorCommand):
    help = "Connect a website; again, with the same slug, it renames the site and adds origins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="its name in addresses, such as `gazette`")
        parser.add_argument("--name", default="", help="its name for people")
        parser.add_argument(
            "--origin",
            action="append",
            default=[],
            metavar="URL",
            help="where its pages live, such as https://example.com; may be given repeatedly",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        slug, name, origins = options["slug"], options["name"], options["origin"]
        by, now = SystemActor.COMMAND_LINE, timezone.now()
        site = Site.objects.filter(slug=slug).first()
        if site is None and not (name and origins):
            raise CommandError(f"“{slug}” would be a new site: give --name and --origin.")
        try:
            if site is None:
                site = create.create(slug=slug, name=name, origins=origins, by=by, now=now)
                changed = ["slug", "name", "origins"]
            else:
                changed = create.change(site, name=name, more_origins=origins, by=by, now=now)
                site.refresh_from_db()
        except create.InvalidSite as error:
            raise CommandError(str(error)) from None
        return {
            "slug": site.slug,
            "id": site.id,
            "name": site.name,
            "origins": site.origins,
            "changed": changed,
            "has_members": Membership.objects.filter(site=site).exists(),
            "snippet": snippets.html(site, service=settings.PUBLIC_URL),
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        where = ", ".join(result["origins"])
        if "slug" in result["changed"]:
            state = f"Site “{result['slug']}” is there, for pages at {where}."
        elif result["changed"]:
            state = f"Site “{result['slug']}” is “{result['name']}”, for pages at {where}."
        else:
            state = f"Site “{result['slug']}” is as it was, for pages at {where}."
        lines = [state, "", "Put this where the comments should stand:", "", result["snippet"]]
        if not result["has_members"]:
            lines += ["", "Nobody looks after it yet. Next, for yourself:", ""]
            lines += [
                f"    manage.py create_moderator YOU@EXAMPLE.COM --site {result['slug']}"
                " --role owner --password-stdin"
            ]
        lines += ["", f"Moderators’ desk: {settings.PUBLIC_URL}/admin/"]
        return "\n".join(lines)
