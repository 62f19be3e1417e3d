"""On SQLite, a disk that gets full loses nothing that was accepted, and accepts nothing."""

import json
from pathlib import Path

import pytest

from tests.services.processes import manage
from tests.services.tables import make_tables

# No file may grow, which is what a full disk is to a program.
POST = """
import json, resource
from django.core.management import call_command
from django.db import connection
from django.test import Client
from comments.models import Comment, Site

call_command("create_site", "gazette", "--name", "G", "--origin", "https://gazette.example")
Site.objects.update(min_seconds=0)
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
form = client.get("/api/v1/sites/gazette/form").json()

def post(number):
    comment = {
        "thread": {"key": "article"}, "author_name": "Ann", "author_email": "ann@mail.example",
        "body": f"Remark number {number}.", "form_token": form["form_token"],
    }
    url, key = "/api/v1/sites/gazette/comments", {"idempotency-key": f"remark-{number}"}
    return client.post(url, comment, content_type="application/json", headers=key).status_code

before = [post(n) for n in range(2)]
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
during = [post(n) for n in range(2, 4)]
reading = client.get("/api/v1/sites/gazette/form").status_code
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
again = [post(n) for n in range(2, 4)]
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    integrity = cursor.fetchone()[0]
bodies = sorted(Comment.objects.values_list("body", flat=True))
print(json.dumps([before, during, reading, again, bodies, integrity]))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PUBLIC_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "CRITICAL",
    }


def test_a_full_disk_refuses_posts_and_keeps_what_was_accepted(
    environment: dict[str, str],
) -> None:
    make_tables(environment)
    output = manage(environment, "shell", "--verbosity", "0", "-c", POST)
    before, during, reading, again, bodies, integrity = json.loads(output.splitlines()[-1])
    assert before == [201, 201]
    assert all(status >= 500 for status in during)
    assert reading == 200
    # Sent once more, under the same Idempotency-Key.
    assert again == [201, 201]
    assert bodies == [f"Remark number {n}." for n in range(4)]
    assert integrity == "ok"
