"""Steps of tests that concern mail: screen, send what is due, find a link, press a button."""

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from moderation.notifications.mail import digests, smtp
from moderation.screening import screen


def screened(answer: Any) -> Comment:
    """Screen what was posted, and return the comment as it is then."""
    assert answer.status_code == 201, answer.content
    screen.sweep(now=timezone.now())
    return Comment.objects.get(pk=answer.json()["id"])


def sent(*, now: datetime | None = None) -> list[EmailMultiAlternatives]:
    """Send what is due, and return the messages that were sent by that."""
    now = now or timezone.now()
    mail.outbox.clear()
    while digests.compose(now=now):
        pass
    with smtp.connected() as connection:
        while smtp.deliver(connection, now=now):
            pass
    return list(mail.outbox)


def link(message: EmailMultiAlternatives, place: str) -> str:
    """Return the path of the link to a place in a mail; it stands in both parts."""
    (found,) = set(re.findall(rf"{settings.PUBLIC_URL}(/{place}/[^\s\"<>]+)", message.body))
    assert found in message.alternatives[0].content
    return found


def press(path: str, act: str = "", **data: Any) -> Any:
    """Load a page and press a button on it, as somebody new without a cookie."""
    client = Client(enforce_csrf_checks=True)
    found = re.search(r'name="form_token" value="([^"]*)"', client.get(path).content.decode())
    token = {"form_token": unescape(found[1])} if found else {}
    return client.post(path, {"act": act, **token, **data})
