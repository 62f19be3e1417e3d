"""A site with a full queue, served for the tests of the moderators' desk."""

import json
import sqlite3
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, expect

from tests.services.processes import Process, free_port, listens, manage, wait_for
from tests.services.shell import Shell, shell
from tests.services.tables import fill, make_tables

PASSWORD = "a long password for tests"
EMAIL = "moderator@staff.example"
# The same for all desks of a run, which have copies of one database.
KEYS = urlsafe_b64encode(sha256(b"of all desks under test").digest()).decode()
QUEUE = "/admin/moderation/reviewable/"
DESK = {"width": 1440, "height": 900}
Open = Callable[..., Page]
FILL = """
import random
from django.db.models import Count
from django.utils import timezone
from comments.privacy import email_addresses
from comments.text import markdown
from comments.models import Author, Comment, Site, Thread
from comments.models.comment import text_digest
from comments.models.thread import digest
from moderation.screening import screen
from moderation.models import Campaign, Policy, Screening

now = timezone.now()
site = Site.objects.get(slug="demo")
policy = Policy.objects.current(site)
policy.hold_first_comment = True
Policy.objects.append(policy)
thread = Thread.objects.create(
    site=site, key="desk", key_digest=digest("desk"), title="About the ferry", created_at=now
)
# With words of their own, no two are near-duplicates, which would be one card.
WORDS = (
    "harbour winter teacher garden bridge paper engine summer window letter market forest bottle "
    "silver doctor island yellow kitchen morning village station captain library blanket orchard "
    "quarter meadow lantern chimney pocket sailor ribbon carpet needle basket copper saddle velvet "
    "walnut pepper cellar ladder candle button feather hammer mirror pillow anchor beacon cactus "
    "dolphin eagle falcon glacier heron indigo jacket kettle lemon marble nutmeg oyster parsley "
    "quilt rabbit saffron timber umbrella violin waffle zebra almond barley cherry diamond ember "
    "fossil gravel hazel ivory jungle kernel lagoon mosaic nettle olive pebble raisin shovel tulip"
).split()
for n in range(60):
    address = f"reader{n}@mail.example"
    author = Author.objects.create(
        site=site, email_digest=email_addresses.email_digest(address), name=f"Reader {n}",
        email_encrypted=email_addresses.encrypt(address), first_seen_at=now,
    )
    own = " ".join(random.Random(n).sample(WORDS, 12))
    body = f"Number {n} says: a stupid plan, like {own}."
    comment = Comment.objects.create(
        site=site, thread=thread, author=author, author_name=author.name, body=body,
        body_html=markdown.render(body), body_digest=text_digest(body), created_at=now,
        network_digest="f" * 64,
    )
    Screening.objects.create(comment=comment)
screen.sweep(now=now)
assert not Campaign.objects.alias(size=Count("members")).filter(size__gt=1).exists()
"""


class Desk(NamedTuple):
    """Where it is served, and a way to run Python where its data is."""

    address: str
    shell: Shell

    def python(self, code: str) -> str:
        """Run code as `manage.py shell` does, and return the last line that it prints."""
        told = self.shell.run(code)
        return told.strip().splitlines()[-1] if told.strip() else ""

    def rows(self, expression: str) -> Any:
        """Return what a Python expression about the models is."""
        models = "from comments.models import *\nfrom moderation.models import *\nimport json\n"
        return json.loads(self.python(f"{models}print(json.dumps({expression}, default=str))"))


def stock(environment: dict[str, str]) -> None:
    """Make the demo, and sixty comments that wait for a moderator."""
    make_tables(environment)
    manage(environment, "seed_demo")
    manage(environment, "shell", "--verbosity", "0", "-c", FILL)


@contextmanager
def served_desk(folder: Path) -> Iterator[Desk]:
    """Serve a site whose queue has sixty comments, with web server, worker and beat."""
    port = free_port()
    environment = {
        "SECRET_KEY": "a key of the tests of the desk, long enough to be taken 0123456789",
        "EMAIL_KEYS": KEYS,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ADMIN_EMAIL": EMAIL,
        "ADMIN_PASSWORD": PASSWORD,
    }
    fill(environment, "desk", lambda: stock(environment))
    with closing(sqlite3.connect(folder / "db.sqlite3")) as connection, connection:
        origins = json.dumps([f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")])
        connection.execute("UPDATE comments_site SET origins = ? WHERE slug = 'demo'", [origins])
    server = Process([sys.executable, "manage.py", "serve"], environment, folder / "log")
    try:
        wait_for(lambda: listens(port), seconds=120, what="the desk")
        with shell(environment) as runs:
            yield Desk(f"http://127.0.0.1:{port}", runs)
    finally:
        server.kill()


def cards(page: Page) -> Locator:
    return page.locator("#cards > .card")


def focused(page: Page) -> str:
    """Return the id of the comment whose card has the focus, or ""."""
    return str(page.evaluate("document.activeElement.closest('.card')?.dataset.comment || ''"))


def status(desk: Desk, comment: str) -> str:
    return str(desk.rows(f"Comment.objects.get(pk='{comment}').status"))


def settled(page: Page, comment: str) -> None:
    expect(page.locator(f"#c-{comment}")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
