"""Somebody at a site: what is said of them, and mails to them."""

from typing import Any

from comments.models import Site
from comments.privacy import email_addresses
from moderation.models import Mail
from tests.factories import NOW
from tests.submissions import EMAIL

NAME = "Annabella Reader"
WEBSITE = "https://annabella.example"
AGENT = "Annabella's Browser"


def mail_to(site: Site, address: str = EMAIL, **more: Any) -> Mail:
    digest = email_addresses.email_digest(address)
    times = {"created_at": NOW, "next_attempt_at": NOW}
    return Mail.objects.create(
        site=site, kind="decision", subject="Hello", recipient_digest=digest, **times, **more
    )
