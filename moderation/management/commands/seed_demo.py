"""`seed_demo`: a demo site with an article, its comments, others to screen, and a login."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments.formats.items import ImportedThread
from comments.models import Membership, Role, Site, User
from comments.threads.threads import PageReference
from moderation.intake import receive
from moderation.intake.submission import Submission
from moderation.management import demo_comments
from moderation.management.command import OperatorCommand

THREAD = PageReference(key="demo", url="", title="The last ferry of the evening stays")
COMMENTS = (
    (
        "Margit Olsen",
        "margit@reader.example",
        "My mother works nights at the hospital across the water. Until this week she slept in the "
        "staff room when the late boat was cancelled. Thank you to everyone who signed.",
    ),
    (
        "Tom Abara",
        "tom@reader.example",
        "Does anybody know whether the bicycle fare stays the same? The council's page says "
        "*under review*, and the leaflet at the pier says **two crowns**.",
    ),
    (
        "J. Petrov",
        "petrov@reader.example",
        "What a bunch of worthless idiots sit in that council. You are all stupid liars and you "
        "should be ashamed, you pathetic morons.",
    ),
    (
        "Old sailor",
        "sailor@reader.example",
        "Typical of this council: a stupid plan, and now they pretend it was their idea all along.",
    ),
    (
        "Nils",
        "nils@reader.example",
        "The numbers are all public: https://council.example/ferry, "
        "https://council.example/budget and https://statistics.example/norrholm.",
    ),
    (
        "Best Pills Online",
        "sales@cheap.example",
        "CHEAP VIAGRA and CIALIS online no prescription!!! Buy now at http://pills.example/buy "
        "http://pills.example/casino http://pills.example/loans best price guaranteed",
    ),
    (
        "Ruth Lindqvist",
        "ruth@reader.example",
        "I counted: 41 people on Tuesday's 22:40. Full boats do not need a subsidy, they need a "
        "second crew. Here is the timetable of 1998, when there were three late crossings: "
        "https://archive.example/ferry-1998",
    ),
)


class Command(OperatorCommand):
    help = "Make the demo site, with a login for it, unless they are there."

    @transaction.atomic
    def run(self, **options: Any) -> Mapping[str, Any]:
        local = f"http://localhost:{settings.PORT}"
        site, is_new = Site.objects.get_or_create(slug="demo", defaults={"name": "Harbour Gazette"})
        site.origins = sorted({*site.origins, settings.PUBLIC_ORIGIN, local})
        site.save(update_fields=["origins"])
        if is_new:
            _write_comments(site, now=timezone.now())
        return {"address": f"{settings.PUBLIC_URL}/demo/", **_make_login(site)}

    def describe(self, result: Mapping[str, Any]) -> str:
        lines = [
            f"Demo article   {result['address']}",
            f"Moderators     {settings.PUBLIC_URL}/admin/",
        ]
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            lines += [f"Mail           is not sent, but kept in {settings.DATA_DIR / 'mail'}"]
        if result["email"]:
            lines += [f"Sign in with   {result['email']}"]
            lines += [f"Password       {result['password'] or 'as given in ADMIN_PASSWORD'}"]
            lines += ["(It is shown this once. `manage.py changepassword` sets another.)"]
        return "\n".join(["", *lines, ""])


def _make_login(site: Site) -> Mapping[str, str]:
    """Create the first superuser of this installation, unless there is one."""
    if User.objects.filter(is_superuser=True).exists():
        return {"email": "", "password": ""}
    email = settings.ADMIN_EMAIL
    generated = "" if settings.ADMIN_PASSWORD else secrets.token_urlsafe(9)
    user = User.objects.create_superuser(email, settings.ADMIN_PASSWORD or generated)
    Membership.objects.create(site=site, user=user, role=Role.OWNER)
    return {"email": email, "password": generated}


def _write_comments(site: Site, *, now: datetime) -> None:
    """Store the sample comments, then pending comments for the first worker to screen."""
    opened = now - timedelta(days=4)
    page = ImportedThread(key=THREAD.key, title=THREAD.title, created_at=opened)
    demo_comments.store(site, page, now=now)
    for name, email, body in COMMENTS:
        submission = Submission(page=THREAD, author_name=name, author_email=email, body=body)
        receive.receive(submission, site=site, now=now)
