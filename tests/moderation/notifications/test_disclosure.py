"""Addresses leave by one verb, with an audit entry, and to nobody who may not have them."""

import ast
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Author, Role, Site
from moderation.intake.transfers import files, jobs, worker
from moderation.models import AuditAction, AuditEntry, AuditRecord, SystemActor
from moderation.models.webhook import EventType
from moderation.notifications import disclosure
from moderation.notifications.webhooks import delivery, endpoints, events
from moderation.notifications.webhooks.events import NewEvent
from tests.conftest import server, signed_in
from tests.factories import NOW, AuthorFactory, CommentFactory, MembershipFactory, SiteFactory
from tests.moderation.management.test_commands import run_json
from tests.receiver import Receiver, receiver

pytestmark = pytest.mark.django_db
__all__ = ["receiver"]
ROOT = Path(__file__).parents[3]
EMAIL = "ann@private.example"

# The modules that decrypt, and why none of them shows an address to anybody but its owner.
DECRYPTING = {
    "moderation/notifications/disclosure.py": "the verb itself",
    "moderation/notifications/mail/announcements.py": "to send mail to that address",
    "moderation/notifications/mail/digests.py": "to send mail to that address",
    "moderation/notifications/mail/smtp.py": "to send mail to that address",
    "moderation/management/commands/rotate_email_keys.py": "to encrypt it under the new key",
    "moderation/management/backups/load.py": "a known text, to try the keys of a backup",
    "moderation/web/desk/base/revealing.py": "what the verb has let out for this page",
    "moderation/intake/akismet/callbacks.py": "a secret, no address",
    "comments/accounts/api_keys.py": "the fingerprint of a key, to digest it anew",
    "comments/privacy/encrypted_field.py": "mails and answers, for who sends or gets them",
    "moderation/notifications/webhooks/signatures.py": "a secret, no address",
    "moderation/web/desk/sign_in/forms.py": "a secret, no address",
    "comments/accounts/shared_secrets.py": "a secret, no address",
    "comments/accounts/single_sign_on.py": "the reader's own token",
    "comments/accounts/two_factor.py": "a secret, no address",
    "comments/http/idempotency.py": "an answer, for whoever got it before",
}
# Those that read an address to write to its owner, or to act for who holds a link sent to it.
WRITING = {
    "moderation/intake/confirm_address.py",
    "moderation/notifications/mail/announcements.py",
    "moderation/web/pages/mail_links.py",
}


def modules_that_use(name: str) -> set[str]:
    """Return the modules that call, import or hand on something of this name."""
    found = set()
    for package in ("comments", "config", "moderation"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = {getattr(node, field, "") for field in ("id", "attr")}
                if isinstance(node, ast.ImportFrom):
                    names |= {alias.name for alias in node.names}
                if name in names:
                    found.add(str(path.relative_to(ROOT)))
    return found - {"comments/privacy/email_addresses.py"}


def test_no_module_decrypts_without_a_reason() -> None:
    assert modules_that_use("decrypt") == set(DECRYPTING)
    assert modules_that_use("address_of") - FORMATS == WRITING


# There the name is a parameter: the reader that the verb hands out.
WITH_READER = ("export", "export_formats", "native_export", "disqus_export", "wordpress_export")
FORMATS = {f"comments/formats/{name}.py" for name in WITH_READER}
FORMATS |= {
    "moderation/intake/transfers/worker.py",
    "moderation/management/commands/export_comments.py",
}


@pytest.fixture
def author(site: Site) -> Author:
    return AuthorFactory(site=site, email=EMAIL)


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def test_an_address_is_read_with_its_entry_or_not_at_all(author: Author) -> None:
    record = AuditRecord(AuditAction.REVEALED, author.site_id, author.pk)
    assert disclosure.disclose(record, by=SystemActor.SERVICE, now=NOW)(author) == EMAIL
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject, entry.who) == ("REVEALED", str(author.pk), "the service")
    with pytest.raises(Exception, match=r"NULL|null"):
        disclosure.disclose(record._replace(site=None), by=None, now=NOW)


def test_an_address_that_no_key_opens_is_empty(author: Author) -> None:
    author.email_encrypted = "lost"
    assert disclosure.masked(author) == ""
    assert disclosure.reveal(author, by=SystemActor.SERVICE, now=NOW) == ""


# Searches


def find(role: Role, at: Site, **query: str) -> Any:
    return signed_in(MembershipFactory(site=at, role=role).user).get("authors", query)


def test_a_moderators_search_by_address_is_written_down(author: Author) -> None:
    answer = find(Role.MODERATOR, author.site, email=EMAIL)
    assert [row["id"] for row in answer.json()["results"]] == [str(author.pk)]
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject) == ("ADDRESS_SEARCHED", str(author.pk))
    assert EMAIL not in str(entry.detail)


def test_a_search_that_finds_nobody_is_written_down_too(site: Site) -> None:
    assert find(Role.MODERATOR, site, email=EMAIL).json()["results"] == []
    assert AuditEntry.objects.get().detail == {"found": False}


@pytest.mark.parametrize("query", [{}, {"site": "gazette"}])
def test_a_viewer_does_not_search_by_address(author: Author, query: dict[str, str]) -> None:
    answer = find(Role.VIEWER, author.site, email=EMAIL, **query)
    assert answer.status_code == 403
    assert EMAIL not in answer.content.decode()
    assert acts() == []


def test_a_search_goes_through_the_sites_that_one_moderates_alone(author: Author) -> None:
    user = MembershipFactory(site=author.site, role=Role.VIEWER).user
    own = MembershipFactory(site=SiteFactory(), role=Role.MODERATOR, user=user).site
    assert signed_in(user).get("authors", {"email": EMAIL}).json()["results"] == []
    assert AuditEntry.objects.get().site == own


@pytest.mark.parametrize(("role", "found"), [(Role.VIEWER, False), (Role.MODERATOR, True)])
def test_the_desk_finds_an_address_for_moderators_alone(
    author: Author, role: Role, found: bool
) -> None:
    client = Client()
    client.force_login(MembershipFactory(site=author.site, role=role).user)
    page = client.get("/admin/comments/author/", {"q": EMAIL}).content.decode()
    assert (str(author.pk) in page) is found
    assert acts() == (["ADDRESS_SEARCHED"] if found else [])


# Exports


def test_an_export_with_addresses_is_written_down_from_its_start_to_its_download(
    author: Author, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    CommentFactory(thread__site=author.site, author=author)
    api = server(author.site, "transfer")
    started = api.post("exports", {"with_addresses": True}).json()
    worker.run(UUID(started["id"]), now=timezone.now())
    file = b"".join(api.get(f"exports/{started['id']}/file").streaming_content)
    assert EMAIL in file.decode()
    assert acts() == ["EXPORT_STARTED", "ADDRESSES_EXPORTED", "ADDRESSES_DOWNLOADED"]
    assert set(AuditEntry.objects.values_list("subject", flat=True)) == {started["id"]}


def test_an_export_without_them_has_none_and_is_not_written_down_as_one(
    author: Author, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    CommentFactory(thread__site=author.site, author=author)
    transfer = jobs.start_export(author.site, name="native", now=NOW)
    worker.run(transfer.pk, now=NOW)
    assert EMAIL not in files.path_of(transfer).read_text()
    assert acts() == ["EXPORT_STARTED"]


def test_the_commands_write_it_down(author: Author, tmp_path: Path) -> None:
    CommentFactory(thread__site=author.site, author=author)
    slug, path = author.site.slug, tmp_path / "out"
    run_json("export_comments", slug, str(path), "--with-addresses")
    run_json("export_person", slug, EMAIL)
    run_json("erase_person", slug, EMAIL)
    assert EMAIL in path.read_text()
    assert acts() == ["ADDRESSES_EXPORTED", "PERSON_EXPORTED", "PERSON_ERASED"]
    assert set(AuditEntry.objects.values_list("who", flat=True)) == {"the command line"}
    assert EMAIL not in str(list(AuditEntry.objects.values()))


# Webhooks


@pytest.mark.parametrize("with_addresses", [True, False])
def test_what_a_webhook_is_sent_is_written_down_where_it_has_addresses(
    author: Author, receiver: Receiver, with_addresses: bool
) -> None:
    endpoints.add(
        author.site, url=receiver.url, events=["*"], with_addresses=with_addresses, now=NOW
    )
    comments = [CommentFactory(thread__site=author.site, author=author) for _ in range(2)]
    events.record([NewEvent(EventType.RECEIVED, comment) for comment in comments], now=NOW)
    receiver.answers = [(200, {}, f'{{"seen": "{EMAIL}"}}'.encode())] * 2
    delivery.deliver(now=NOW)
    assert all((EMAIL in body.decode()) is with_addresses for _, body in receiver.seen)
    sent = ["ADDRESSES_SENT"] if with_addresses else []
    assert acts() == ["WEBHOOK_ADDED", *sent]
    if with_addresses:
        assert AuditEntry.objects.get(act="ADDRESSES_SENT").detail == {"addresses": 2}


def test_what_a_receiver_repeats_is_kept_without_the_address(
    author: Author, receiver: Receiver
) -> None:
    made = endpoints.add(author.site, url=receiver.url, events=["*"], now=NOW)
    events.record([NewEvent(EventType.RECEIVED, CommentFactory(thread__site=author.site))], now=NOW)
    receiver.answers = [(400, {}, f'{{"unknown": "{EMAIL}"}}'.encode())]
    delivery.deliver(now=NOW)
    excerpt = made.webhook.deliveries.get().tries.get().excerpt
    assert excerpt == '{"unknown": "[address]"}'
