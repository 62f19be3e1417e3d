"""How long others wait for the broker."""

from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config.celery_settings import celery_settings
from tests.services.processes import free_port


def test_nobody_who_sends_waits_for_a_broker_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_: float) -> None:
        pytest.fail("somebody waits")

    monkeypatch.setattr("kombu.utils.functional.sleep", wait)
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    app = Celery("test")
    app.config_from_object(celery_settings(redis_url=nobody, data_dir=tmp_path), namespace="CELERY")
    for _ in range(2):
        with pytest.raises(OperationalError):
            app.send_task("moderation.tasks.sweep")
