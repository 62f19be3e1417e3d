"""Receivers in JavaScript verify what is sent, by the library of the specification."""

import json
import shutil
import subprocess
from pathlib import Path

from django.utils import timezone

from comments.models import Site
from moderation import notifying, webhooks
from moderation.models import Webhook
from tests.webhooks.conftest import Receiver

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
    site: Site, made: webhooks.Made, webhook: Webhook, receiver: Receiver
) -> None:
    webhooks.try_out(webhook, now=timezone.now())
    notifying.deliver(now=timezone.now())
    ((headers, body),) = receiver.seen
    verified = verify(made.secret, body, headers)
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["type"] == "webhook.test"
    assert verify(made.secret, body.replace(b"test", b"fake"), headers).returncode != 0
