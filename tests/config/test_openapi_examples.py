"""The OpenAPI examples are what the API answers: `make examples` records them."""

import json
import os
import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from comments.models import Role, Scope, ids
from config.openapi_examples import FILE
from tests.conftest import Api, FakeClassifier, server, signed_in
from tests.examples import moderators, readers, servers
from tests.examples.recorder import Recorder
from tests.factories import MembershipFactory, SiteFactory, UserFactory
from tests.receiver import Receiver

MOMENT = datetime(2026, 11, 24, 9, 15, 2, tzinfo=UTC)


@pytest.fixture
def recorded(
    db: None, receiver: Receiver, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(FakeClassifier, "version", "2026-11-20")
    numbers = count(1)
    monkeypatch.setattr(
        ids, "uuid7", lambda: UUID(int=ids.min_id_at(timezone.now()).int + next(numbers))
    )
    recorder = Recorder(
        replace={
            receiver.url: "https://gazette.example/hooks/comments",
            "http://testserver": "https://comments.gazette.example",
        }
    )
    with time_machine.travel(MOMENT, tick=False):
        site = SiteFactory(slug="gazette", name="The Gazette")
        bea = UserFactory(email="bea@staff.example", first_name="Bea")
        MembershipFactory(site=site, user=bea, role=Role.OWNER)
        readers.walk(recorder, Api("/api/v1/sites/gazette/"), site)
        moderators.Moderation(recorder, signed_in(bea), site).walk()
        servers.walk(recorder, server(site, *(set(Scope) - {Scope.AKISMET})), site, receiver)
    return recorder.examples


def test_the_committed_examples_are_what_the_api_answers_now(recorded: dict[str, Any]) -> None:
    text = json.dumps(recorded, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("RECORD_EXAMPLES"):
        FILE.write_text(text, encoding="utf-8")
    assert json.loads(FILE.read_text(encoding="utf-8")) == recorded, "run `make examples`"


def test_examples_name_nobody_real_and_no_machine() -> None:
    text = FILE.read_text(encoding="utf-8")
    addresses = re.findall(r"[\w.+-]+@([\w.-]+)", text)
    assert addresses
    assert [address for address in addresses if not address.endswith(".example")] == []
    hosts = re.findall(r"https?://([\w.-]+)", text)
    assert [host for host in hosts if not host.endswith(".example")] == []
