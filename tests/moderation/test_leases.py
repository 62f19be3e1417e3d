"""Whatever workers lease is claimed by the clock of the database, on which they all agree."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from moderation.insight import tasks as insight
from moderation.intake.akismet import tasks as akismet
from moderation.intake.transfers import tasks as transfers
from moderation.notifications.webhooks import tasks as webhooks
from moderation.screening import tasks as screening
from tests.factories import NOW


@pytest.mark.parametrize(
    ("module", "run", "worker", "claim"),
    [
        (screening, screening.sweep, "screen", "sweep"),
        (screening, screening.ask, "inquiries", "ask"),
        (screening, screening.recheck, "outages", "recheck"),
        (webhooks, webhooks.deliver, "delivery", "deliver"),
        (insight, insight.deliver_alarms, "alarms", "deliver"),
        (akismet, akismet.call_back, "callbacks", "call_back"),
        (transfers, transfers.run_transfer, "worker", "run_next"),
        (transfers, transfers.sweep_transfers, "schedule", "due"),
        (transfers, transfers.sweep_transfers, "worker", "maintain"),
    ],
)
@pytest.mark.django_db
def test_what_is_leased_goes_by_the_clock_of_the_database(
    module: ModuleType,
    run: Callable[[], None],
    worker: str,
    claim: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claimed_at = []

    def claims(*, now: Any) -> bool:
        claimed_at.append(now)
        return False

    monkeypatch.setattr(getattr(module, worker), claim, claims)
    monkeypatch.setattr(module, "database_now", lambda: NOW)
    run()
    assert claimed_at == [NOW]
