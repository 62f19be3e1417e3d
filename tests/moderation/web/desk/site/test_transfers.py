"""The desk's imports and exports: what a site may not start is said in the form."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Role, Site
from moderation.intake.transfers import files, jobs, quotas, worker
from moderation.models import Transfer
from tests.comments.formats.hostile import Row, native
from tests.factories import SiteFactory
from tests.moderation.web.desk.desk import member

pytestmark = pytest.mark.django_db
ADD = reverse("admin:moderation_transfer_add")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


def send(client: Client, site: Site, content: bytes = b"x", **options: Any) -> Any:
    file = SimpleUploadedFile("export", content)
    data = {"site": site.pk, "kind": "import", "format": "auto", "file": file}
    return client.post(ADD, data, **options)


def test_what_exceeds_the_quota_is_an_error_of_the_form(owner: Client, site: Site) -> None:
    for _ in range(quotas.OPEN):
        jobs.start_export(site, name="native", now=timezone.now())
    assert "are under way" in send(owner, site).content.decode()
    assert Transfer.objects.count() == quotas.OPEN


def test_a_file_that_is_too_large_is_an_error_of_the_form(
    owner: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    assert "A file may have 10 bytes at most" in send(owner, site, b"x" * 11).content.decode()
    assert not Transfer.objects.exists()


def test_a_request_that_is_larger_than_any_file_is_not_read(owner: Client, site: Site) -> None:
    assert send(owner, site, CONTENT_LENGTH=str(3 * 1024**3)).status_code in (400, 413)
    assert not Transfer.objects.exists()


def test_a_stranger_may_not_upload_a_large_file(site: Site) -> None:
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies["leave_a_reply_csrf"] = "a" * 32
    assert send(stranger, site, b"x" * 3_000_000).status_code in (400, 413)


def test_an_owner_cancels_and_a_stranger_can_not(owner: Client, site: Site) -> None:
    transfer = jobs.start_export(site, name="native", now=timezone.now())
    data = {"action": "cancel", "_selected_action": [str(transfer.pk)]}
    where = reverse("admin:moderation_transfer_changelist")
    member(Role.OWNER, SiteFactory()).post(where, data)
    transfer.refresh_from_db()
    assert transfer.state == "waiting"
    owner.post(where, data)
    transfer.refresh_from_db()
    assert transfer.state == "cancelled"


def test_a_dry_run_tells_what_would_come_in_and_has_a_button_that_brings_it_in(
    owner: Client, site: Site, tmp_path: Path
) -> None:
    native([Row(1)], tmp_path / "export")
    file = SimpleUploadedFile("export", (tmp_path / "export").read_bytes())
    data = {"site": site.pk, "kind": "import", "format": "auto", "dry_run": "on", "file": file}
    owner.post(ADD, data)
    dry = Transfer.objects.get()
    worker.run(dry.pk, now=timezone.now())
    page = owner.get(reverse("admin:moderation_transfer_change", args=[dry.pk])).content.decode()
    assert "Comments in the file: 1. Would come in: 1 (1 approved)." in page
    where = reverse("admin:comments_transfer_start", args=[dry.pk])
    assert where in page
    assert member(Role.OWNER, SiteFactory()).post(where).status_code == 404
    assert owner.get(where).status_code == 404
    owner.post(where)
    assert Transfer.objects.filter(dry_run=False).count() == 1


def test_what_is_no_export_is_an_error_of_the_form(owner: Client, site: Site) -> None:
    assert "no file of any known format" in send(owner, site, b"garbage").content.decode()
    assert not Transfer.objects.exists()


def test_webmentions_and_reviews_come_in_by_choice(owner: Client, site: Site) -> None:
    file = SimpleUploadedFile("export", b"<rss><wp:wxr_version>")
    data = {"site": site.pk, "kind": "import", "format": "auto", "also": ["review"], "file": file}
    owner.post(ADD, data)
    assert Transfer.objects.get().options == {"also": ["review"]}


def test_an_address_map_comes_with_the_file(owner: Client, site: Site) -> None:
    data = {
        "site": site.pk,
        "kind": "import",
        "format": "csv",
        "file": SimpleUploadedFile("export", b"x"),
        "address_map": SimpleUploadedFile("map.csv", b"\xef\xbb\xbfa,b\r\nc,d\r\n"),
        "columns": "body=Text\npage=Page",
    }
    owner.post(ADD, data)
    assert Transfer.objects.get().options == {
        "address_map": [["a", "b"], ["c", "d"]],
        "columns": [["body", "Text"], ["page", "Page"]],
    }


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("address_map", SimpleUploadedFile("map.csv", b"only one"), "Line 1 of the address map"),
        ("address_map", SimpleUploadedFile("map.csv", b"\xff"), "Save the address map as UTF-8"),
        ("columns", "Text", "names no column"),
    ],
)
def test_a_map_or_column_that_makes_no_sense_is_an_error_of_the_form(
    owner: Client, site: Site, name: str, value: Any, error: str
) -> None:
    file = SimpleUploadedFile("export", b"x")
    data = {"site": site.pk, "kind": "import", "format": "csv", "file": file, name: value}
    assert error in owner.post(ADD, data).content.decode()
    assert not Transfer.objects.exists()
