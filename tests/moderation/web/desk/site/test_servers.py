"""Keys, webhooks, external moderators and moving, on the desk."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Comment, Role, Site, SiteKey
from moderation.intake.transfers import schedule, worker
from moderation.models import (
    AuditAction,
    AuditEntry,
    Delivery,
    ExternalModerator,
    Transfer,
    Webhook,
)
from moderation.notifications.webhooks import delivery as deliveries
from moderation.notifications.webhooks import endpoints
from tests.factories import CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, read
from tests.moderation.web.plugin_api.test_transfers import LINES
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
MODELS = [
    "comments_sitekey",
    "moderation_webhook",
    "moderation_delivery",
    "moderation_externalmoderator",
    "moderation_transfer",
]


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


def page(model: str, kind: str, *args: Any) -> str:
    return reverse(f"admin:{model}_{kind}", args=args)


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    """Tick rows and choose what to do with them."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page(model, "changelist"), data, follow=True)


def secret_in(answer: Any, pattern: str) -> str:
    assert "no-store" in answer.headers["Cache-Control"]
    shown = answer.content.decode()
    found = re.search(f'id="([^"]+)" readonly value="({pattern})"', shown)
    assert found, shown
    assert f'data-copy="{found[1]}"' in shown
    return found[2]


@pytest.mark.parametrize("model", MODELS)
def test_they_are_for_owners_alone(site: Site, model: str) -> None:
    where = page(model, "changelist")
    assert member(Role.OWNER, site).get(where).status_code == 200
    assert member(Role.MODERATOR, site).get(where).status_code == 403
    assert Client().get(where).status_code == 302


@pytest.mark.parametrize("model", [m for m in MODELS if m != "moderation_delivery"])
def test_owners_have_a_form_for_a_new_one(owner: Client, model: str) -> None:
    assert owner.get(page(model, "add")).status_code == 200


def new_key(client: Client, site: Site, *scopes: str) -> Any:
    data = {"site": site.pk, "name": "the blog", "scopes": scopes, "mode": "check"}
    return client.post(page("comments_sitekey", "add"), data)


def test_a_key_is_made_and_shown_once(owner: Client, site: Site) -> None:
    secret = secret_in(new_key(owner, site, "comments", "checks"), "lar_[a-z0-9]{32}")
    key = api_keys.authenticate(secret, now=timezone.now())
    assert key is not None
    assert key.scopes == ["checks", "comments"]
    assert secret not in read(owner, page("comments_sitekey", "changelist"))
    assert secret not in read(owner, page("comments_sitekey", "change", key.pk))
    assert AuditEntry.objects.get().act == AuditAction.KEY_ISSUED


def test_scopes_that_do_not_go_together_are_refused(owner: Client, site: Site) -> None:
    answer = new_key(owner, site, "akismet", "comments")
    assert "can have no other scope" in answer.content.decode()
    assert not SiteKey.objects.exists()


def test_a_key_is_rotated_and_revoked(owner: Client, site: Site) -> None:
    now = timezone.now()
    old = api_keys.issue(site, scopes=["checks"], name="the blog", now=now)
    new = secret_in(act(owner, "comments_sitekey", "rotate", old.key), "lar_[a-z0-9]{32}")
    assert api_keys.authenticate(old.secret, now=now)
    assert api_keys.authenticate(new, now=now)
    act(owner, "comments_sitekey", "revoke", *SiteKey.objects.all())
    assert not api_keys.authenticate(old.secret, now=now)
    assert not api_keys.authenticate(new, now=now)
    assert AuditEntry.objects.filter(act=AuditAction.KEY_REVOKED).count() == 2


def test_the_end_of_a_key_is_in_the_viewers_zone_and_the_desks_format(
    owner: Client, site: Site
) -> None:
    now = timezone.now()
    issued = api_keys.issue(site, scopes=["checks"], name="the blog", now=now)
    end = datetime(2099, 3, 4, 22, 30, tzinfo=UTC)
    SiteKey.objects.filter(pk=issued.key.pk).update(expires_at=end)
    owner.cookies["desk_time_zone"] = "Asia/Tokyo"
    assert "until 5 Mar 2099, 07:30" in read(owner, page("comments_sitekey", "changelist"))


def test_a_webhook_is_made_tried_and_its_log_read(
    owner: Client,
    site: Site,
    receiver: Receiver,
) -> None:
    data = {"site": site.pk, "url": receiver.url, "events": ["*"]}
    secret = secret_in(owner.post(page("moderation_webhook", "add"), data), 'whsec_[^"]+')
    (hook,) = Webhook.objects.all()
    assert secret not in str(Webhook.objects.values())
    act(owner, "moderation_webhook", "try_out", hook)
    receiver.answers = [(500, {}, b"I am <b>unwell</b>")]
    deliveries.deliver(now=timezone.now())
    listed = read(owner, page("moderation_delivery", "changelist"))
    assert "500" in listed
    shown = read(owner, page("moderation_delivery", "change", Delivery.objects.get().pk))
    assert "I am &lt;b&gt;unwell&lt;/b&gt;" in shown


def test_the_page_of_a_webhook_says_how_it_fares(
    owner: Client, webhook: Webhook, receiver: Receiver
) -> None:
    where = page("moderation_webhook", "change", webhook.pk)
    assert "Nothing sent yet" in read(owner, where)
    receiver.answers = [(500, {}, b"I am <b>unwell</b>")]
    endpoints.try_out(webhook, now=timezone.now())
    deliveries.deliver(now=timezone.now())
    failing = read(owner, where)
    for words in ("Last error:", "Answered 500", "I am &lt;b&gt;unwell&lt;/b&gt;", "Waiting"):
        assert words in failing
    deliveries.deliver(now=timezone.now() + timedelta(hours=1))
    working = read(owner, where)
    assert "Last error" not in working
    assert "Answered 200 · tries: 2" in working


def test_a_webhook_that_is_switched_off_says_why(owner: Client, webhook: Webhook) -> None:
    endpoints.disable(webhook, because="It answered 410.", now=timezone.now())
    shown = read(owner, page("moderation_webhook", "change", webhook.pk))
    assert "It answered 410." in shown
    assert "Send a test event" not in shown
    assert "off: It answered 410." in read(owner, page("moderation_webhook", "changelist"))


def test_its_buttons_lead_back_to_its_page(owner: Client, webhook: Webhook) -> None:
    where = page("moderation_webhook", "change", webhook.pk)
    for action in ("try_out", "disable", "enable"):
        data = {"action": action, "_selected_action": [webhook.pk], "next": where}
        answer = owner.post(page("moderation_webhook", "changelist"), data)
        assert answer.headers["Location"] == where
    away = {**data, "next": "https://elsewhere.example/"}
    answer = owner.post(page("moderation_webhook", "changelist"), away)
    assert "elsewhere" not in answer.headers["Location"]
    assert Delivery.objects.count() == 1


def test_the_deliveries_of_a_page_are_few_and_its_own(
    owner: Client, site: Site, webhook: Webhook
) -> None:
    other = Webhook.objects.create(
        site=site, url="https://other.example/", events=["*"], created_at=timezone.now()
    )
    endpoints.try_out(other, now=timezone.now())
    for _ in range(12):
        endpoints.try_out(webhook, now=timezone.now())
    shown = read(owner, page("moderation_webhook", "change", webhook.pk))
    assert shown.count('value="redeliver"') == 10
    assert "<dt>Waiting</dt><dd>12</dd>" in shown


def test_what_was_given_up_is_told_again(
    owner: Client,
    webhook: Webhook,
    receiver: Receiver,
) -> None:
    delivery = endpoints.try_out(webhook, now=timezone.now())
    Delivery.objects.update(state="dead")
    dead = read(owner, page("moderation_delivery", "changelist") + "?state__exact=dead")
    assert webhook.url in dead
    act(owner, "moderation_delivery", "redeliver", delivery)
    deliveries.deliver(now=timezone.now())
    assert Delivery.objects.get().state == "delivered"


def test_an_address_that_may_not_be_asked_is_named(owner: Client, site: Site) -> None:
    data = {"site": site.pk, "url": "https://10.0.0.1/", "events": ["*"], "seconds": 60}
    for model in ("moderation_webhook", "moderation_externalmoderator"):
        assert "private address" in owner.post(page(model, "add"), data).content.decode()
    assert not Webhook.objects.exists()
    assert not ExternalModerator.objects.exists()


def test_a_webhook_is_changed_rotated_and_switched_off_and_on(
    owner: Client,
    webhook: Webhook,
) -> None:
    data = {"url": webhook.url, "events": ["comment.held"]}
    owner.post(page("moderation_webhook", "change", webhook.pk), data)
    assert Webhook.objects.get().events == ["comment.held"]
    secret_in(act(owner, "moderation_webhook", "rotate", webhook), 'whsec_[^"]+')
    act(owner, "moderation_webhook", "disable", webhook)
    assert Webhook.objects.get().disabled_at is not None
    act(owner, "moderation_webhook", "enable", webhook)
    assert Webhook.objects.get().disabled_at is None


def test_an_external_moderator_is_named_changed_and_removed(
    owner: Client,
    site: Site,
    receiver: Receiver,
) -> None:
    data = {"site": site.pk, "url": receiver.url, "seconds": 60, "hold_unanswered": "on"}
    answer = owner.post(page("moderation_externalmoderator", "add"), data)
    secret_in(answer, 'whsec_[^"]+')
    (moderator,) = ExternalModerator.objects.all()
    owner.post(
        page("moderation_externalmoderator", "change", moderator.pk),
        {"url": receiver.url, "seconds": 90},
    )
    moderator.refresh_from_db()
    assert (moderator.seconds, moderator.hold_unanswered) == (90, False)
    secret_in(act(owner, "moderation_externalmoderator", "rotate", moderator), 'whsec_[^"]+')
    owner.post(page("moderation_externalmoderator", "delete", moderator.pk), {"post": "yes"})
    assert not ExternalModerator.objects.exists()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def work() -> None:
    for transfer_id in schedule.due(now=timezone.now()):
        worker.run(transfer_id, now=timezone.now())


def test_a_file_is_uploaded_imported_and_its_progress_shown(
    owner: Client, site: Site, folder: None
) -> None:
    file = SimpleUploadedFile("export.jsonl", LINES + b"nonsense\n")
    data = {"site": site.pk, "kind": "import", "format": "auto", "file": file}
    assert owner.post(page("moderation_transfer", "add"), data).status_code == 302
    where = page("moderation_transfer", "change", Transfer.objects.get().pk)
    waiting = owner.get(where)
    assert "<progress" in waiting.content.decode()
    assert waiting.headers["Refresh"]
    work()
    assert Comment.objects.get().site == site
    done = owner.get(where)
    assert "line 3: it can&#x27;t be read" in done.content.decode()
    assert "Refresh" not in done.headers


def test_an_import_without_a_file_is_refused(owner: Client, site: Site, folder: None) -> None:
    data = {"site": site.pk, "kind": "import", "format": "auto"}
    answer = owner.post(page("moderation_transfer", "add"), data)
    assert "Choose the file" in answer.content.decode()
    assert not Transfer.objects.exists()


def test_an_export_is_made_and_downloaded_by_owners_alone(
    owner: Client, site: Site, folder: None
) -> None:
    CommentFactory(thread=ThreadFactory(site=site), body="Take me along")
    data = {"site": site.pk, "kind": "export", "format": "auto"}
    owner.post(page("moderation_transfer", "add"), data)
    (transfer,) = Transfer.objects.all()
    where = reverse("admin:comments_transfer_file", args=[transfer.pk])
    assert owner.get(where).status_code == 404
    work()
    assert where in read(owner, page("moderation_transfer", "change", transfer.pk))
    assert b"Take me along" in b"".join(owner.get(where).streaming_content)
    assert member(Role.OWNER, SiteFactory()).get(where).status_code == 404
    assert member(Role.MODERATOR, site).get(where).status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_what_is_of_another_site_is_not_there(
    site: Site,
    folder: None,
    webhook: Webhook,
    model: str,
) -> None:
    endpoints.try_out(webhook, now=timezone.now())
    api_keys.issue(site, scopes=["checks"], name="theirs", now=timezone.now())
    Transfer.objects.create(site=site, kind="export", format="native", created_at=timezone.now())
    ExternalModerator.objects.create(
        site=site, url="https://theirs.example/", secret="", created_at=timezone.now()
    )
    stranger = member(Role.OWNER, SiteFactory())
    admin_model = {
        "comments_sitekey": SiteKey,
        "moderation_webhook": Webhook,
        "moderation_delivery": Delivery,
        "moderation_externalmoderator": ExternalModerator,
        "moderation_transfer": Transfer,
    }[model]
    row = admin_model.objects.get()
    assert page(model, "change", row.pk) not in read(stranger, page(model, "changelist"))
    assert stranger.get(page(model, "change", row.pk)).status_code == 302
    for action in ("rotate", "revoke", "redeliver", "disable"):
        act(stranger, model, action, row)
    before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    row.refresh_from_db()
    assert before == {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_a_webhook_that_is_not_there_yet_has_nothing_to_try(owner: Client) -> None:
    form = read(owner, page("moderation_webhook", "add"))
    for words in ("Send a test event", "Last deliveries", "Nothing sent yet"):
        assert words not in form


def test_rows_are_named_in_words(site: Site, owner: Client) -> None:
    transfer = Transfer(site=site, kind="export", created_at=datetime(2026, 3, 4, tzinfo=UTC))
    assert str(transfer) == f"Export, {site.name}, 4 Mar 2026"


def test_formats_have_the_names_that_their_makers_write(owner: Client) -> None:
    form = read(owner, page("moderation_transfer", "add"))
    for name in ("Our own", "WordPress", "FastComments", "A table (CSV)", "Plain text"):
        assert f">{name}</option>" in form
