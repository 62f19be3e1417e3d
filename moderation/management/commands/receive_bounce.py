"""`receive_bounce`: read a bounce or complaint from standard input, as a mail server pipes it."""

import sys
from collections.abc import Mapping
from email import message_from_binary_file, policy
from typing import Any

from django.utils import timezone

from moderation.management.command import OperatorCommand
from moderation.notifications.mail import bounces


class Command(OperatorCommand):
    help = "Read a mail (RFC 3464 or RFC 5965) and stop sending to whom it is about."

    def run(self, **options: Any) -> Mapping[str, Any]:
        message = message_from_binary_file(sys.stdin.buffer, policy=policy.default)
        return {"suppressed": bounces.receive(bounces.read_message(message), now=timezone.now())}

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"{result['suppressed']} addresses get no mail any more."
