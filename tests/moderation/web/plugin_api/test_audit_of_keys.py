"""What a key does is written down under its name: every endpoint that changes something."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from comments.models import Scope, Site, SiteKey
from moderation.intake.transfers import files
from moderation.models import (
    AuditAction,
    AuditEntry,
    Inquiry,
    Screening,
    Transfer,
    TransferKind,
)
from moderation.models.transfer import TransferState
from moderation.notifications.webhooks import endpoints
from moderation.screening.external import moderators
from moderation.web.plugin_api.urls import urlpatterns
from tests.conftest import server
from tests.factories import NOW, AuthorFactory, CommentFactory, ThreadFactory

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in?token=secret"
EMAIL = "ann@mail.example"
EXPORT = b'{"format":"leave-a-reply","version":1}\n'
EXEMPT = {
    "POST comments": "the comment itself keeps the key that vouches for it",
    "POST checks": "nothing is stored",
    "POST policy/simulate": "nothing is stored",
    "POST threads": "a page without comments, which its first reader would create as well",
}


class Act(NamedTuple):
    """A request, the action that its entry has, and how many entries there are."""

    action: AuditAction
    body: Any = None
    content_type: str = "application/json"


ACTS = {
    "PATCH comments/<uuid:comment_id>": Act(AuditAction.EDITED, {"body": "Otherwise."}),
    "DELETE comments/<uuid:comment_id>": Act(AuditAction.DECIDED),
    "POST comments/<uuid:comment_id>/findings": Act(
        AuditAction.EXTERNAL_ANSWERED, {"revision": 1, "verdict": "APPROVE"}
    ),
    "POST feedback": Act(
        AuditAction.FEEDBACK_GIVEN, {"items": [{"text": "Hello", "labels": {"SPAM": True}}]}
    ),
    "PUT policy": Act(AuditAction.RULES_SET, {"max_links": 1}),
    "PUT policy/sections": Act(
        AuditAction.SECTION_RULES_SET,
        {"sections": [{"kind": "prefix", "value": "/blog/", "members_only": True}]},
    ),
    "PUT external-moderator": Act(AuditAction.EXTERNAL_SET, {"url": URL}),
    "DELETE external-moderator": Act(AuditAction.EXTERNAL_REMOVED),
    "POST external-moderator/rotate": Act(AuditAction.EXTERNAL_SET),
    "PATCH threads/<uuid:thread_id>": Act(AuditAction.THREAD_CLOSED, {"closed": True}),
    "POST threads/<uuid:thread_id>/merge": Act(AuditAction.THREADS_MERGED),
    "POST people/export": Act(AuditAction.PERSON_EXPORTED, {"email": EMAIL}),
    "POST people/erase": Act(AuditAction.PERSON_ERASED, {"email": EMAIL}),
    "POST imports": Act(AuditAction.IMPORT_STARTED, EXPORT, "application/octet-stream"),
    "POST imports/<uuid:transfer_id>/start": Act(AuditAction.IMPORT_STARTED),
    "DELETE imports/<uuid:transfer_id>": Act(AuditAction.TRANSFER_CANCELLED),
    "DELETE exports/<uuid:transfer_id>": Act(AuditAction.TRANSFER_CANCELLED),
    "POST exports": Act(AuditAction.EXPORT_STARTED, {"with_addresses": True}),
    "POST webhooks": Act(AuditAction.WEBHOOK_ADDED, {"url": URL, "events": ["*"]}),
    "PATCH webhooks/<uuid:webhook_id>": Act(AuditAction.WEBHOOK_CHANGED, {"with_addresses": True}),
    "DELETE webhooks/<uuid:webhook_id>": Act(AuditAction.WEBHOOK_REMOVED),
    "POST webhooks/<uuid:webhook_id>/rotate": Act(AuditAction.WEBHOOK_CHANGED),
    "POST webhooks/<uuid:webhook_id>/test": Act(AuditAction.WEBHOOK_TRIED),
    "POST webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/redeliver": Act(
        AuditAction.WEBHOOK_TRIED
    ),
}


def endpoints_that_change() -> Iterator[str]:
    for pattern in urlpatterns:
        view = pattern.callback.view_class
        for method in ("post", "put", "patch", "delete"):
            if hasattr(view, method) and method in view.http_method_names:
                yield f"{method.upper()} {pattern.pattern}"


@pytest.fixture(autouse=True)
def no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    from moderation.notifications.webhooks import http_client

    monkeypatch.setattr(http_client, "check", lambda url: None)


@pytest.fixture
def rows(site: Site) -> dict[str, Any]:
    """Something of each kind to change."""
    author = AuthorFactory(site=site, email=EMAIL)
    comment = CommentFactory(thread__site=site, author=author)
    webhook = endpoints.add(site, url=URL, events=["*"], now=NOW).webhook
    moderator = moderators.name(site, url=URL, seconds=9, hold_unanswered=True, now=NOW).moderator
    screening = Screening.objects.create(comment=comment)
    Inquiry.objects.create(
        moderator=moderator,
        screening=screening,
        revision=1,
        asked_at=NOW,
        deadline_at=NOW + timedelta(hours=1),
        next_attempt_at=NOW,
    )
    return {
        "comment_id": comment.pk,
        "thread_id": comment.thread_id,
        "webhook_id": webhook.pk,
        "delivery_id": endpoints.try_out(webhook, now=NOW).pk,
    }


def test_every_endpoint_that_changes_something_is_looked_at() -> None:
    assert set(endpoints_that_change()) == {*ACTS, *EXEMPT}


@pytest.mark.parametrize("endpoint", ACTS)
def test_what_a_key_does_is_written_down_under_its_name(
    site: Site, rows: dict[str, Any], endpoint: str
) -> None:
    kind = TransferKind.IMPORT if "imports" in endpoint else TransferKind.EXPORT
    transfer = Transfer.objects.create(site=site, kind=kind, format="native", created_at=NOW)
    rows["transfer_id"] = transfer.pk
    if endpoint.endswith("/start"):
        Transfer.objects.update(dry_run=True, state=TransferState.DONE)
        files.path_of(transfer).write_bytes(EXPORT)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    act, (method, path) = ACTS[endpoint], endpoint.split()
    for name, value in rows.items():
        path = path.replace(f"<uuid:{name}>", str(value)).replace(f"<int:{name}>", str(value))
    body = {"into": str(ThreadFactory(site=site).pk)} if path.endswith("/merge") else act.body
    everything = [scope for scope in Scope if scope != Scope.AKISMET]
    api = server(site, *everything)
    answer = getattr(api, method.lower())(path, body, content_type=act.content_type)
    assert answer.status_code < 300, answer.content
    key = SiteKey.objects.get()
    (entry,) = AuditEntry.objects.exclude(pk__in=before)
    assert (entry.act, entry.site, entry.key) == (act.action, site, key)
    assert entry.who == f"key the blog ({key.public_id})"
    assert EMAIL not in str(entry.detail) + entry.subject
    assert "secret" not in str(entry.detail).replace("['secret']", "")


def test_a_refused_act_is_not_written_down(site: Site) -> None:
    thread, other = ThreadFactory(site=site), ThreadFactory(site=site)
    answer = server(site, "threads").patch(
        f"threads/{thread.pk}", {"title": "New", "url": other.url}
    )
    assert answer.status_code == 409
    thread.refresh_from_db()
    assert thread.title != "New"
    assert not AuditEntry.objects.exists()


def test_asking_for_somebody_unknown_is_written_down_without_the_address(site: Site) -> None:
    assert server(site, "people").post("people/export", {"email": EMAIL}).status_code == 404
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.detail) == (AuditAction.ADDRESS_SEARCHED, {"found": False})
