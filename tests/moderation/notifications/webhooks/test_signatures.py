"""Receivers verify what is sent, by the libraries of the specification."""

import json
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.test import RequestFactory
from django.utils import timezone

from comments.models import Site
from moderation.models import Webhook
from moderation.notifications.webhooks import delivery, endpoints
from tests.guides import blocks
from tests.receiver import Receiver

TESTS = Path(__file__).parent.parent
VERIFY = """
const { Webhook } = require("standardwebhooks");
const { secret, body, headers } = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
"""


def verify(secret: str, body: bytes, headers: dict[str, str]) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    assert node, "Node is not installed. `make services` installs it where it may."
    sent = {name.lower(): value for name, value in headers.items()}
    told = json.dumps({"secret": secret, "body": body.decode(), "headers": sent})
    return subprocess.run(
        [node, "-e", VERIFY], cwd=TESTS, input=told, capture_output=True, text=True, check=False
    )


def test_the_library_for_javascript_verifies_an_event(
    site: Site, made: endpoints.WebhookWithSecret, webhook: Webhook, receiver: Receiver
) -> None:
    endpoints.try_out(webhook, now=timezone.now())
    delivery.deliver(now=timezone.now())
    ((headers, body),) = receiver.seen
    verified = verify(made.secret, body, headers)
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["type"] == "webhook.test"
    assert verify(made.secret, body.replace(b"test", b"fake"), headers).returncode != 0


def test_the_view_of_the_django_guide_takes_what_we_signed_and_nothing_else(
    made: endpoints.WebhookWithSecret,
    webhook: Webhook,
    receiver: Receiver,
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.COMMENTS_WEBHOOK_SECRET = made.secret
    _, code, _ = blocks("connect/django.md", "python")
    (tmp_path / "guide.py").write_text(code, encoding="utf-8")
    view = runpy.run_path(str(tmp_path / "guide.py"))["comments_hook"]
    endpoints.try_out(webhook, now=timezone.now())
    delivery.deliver(now=timezone.now())
    ((headers, body),) = receiver.seen

    def received(body: bytes) -> int:
        sent = {"data": body, "content_type": "application/json", "headers": headers}
        return int(view(RequestFactory().post("/hook", **sent)).status_code)

    assert received(body) == 204
    assert received(body.replace(b"test", b"fake")) == 400
