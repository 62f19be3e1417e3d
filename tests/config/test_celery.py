"""Celery: the tasks that are registered, and which of them run by themselves."""

from config.celery import PERIODS, app

# Messages in a broker name their task: these names stay, wherever the code goes.
NAMES = {
    "ask",
    "call_back",
    "count_days",
    "deliver",
    "deliver_alarms",
    "fetch_pictures",
    "forget",
    "learn",
    "rank_lessons",
    "read_pages",
    "run_bulk_job",
    "run_transfer",
    "screen_comment",
    "send_mails",
    "sweep",
    "recheck",
    "sweep_bulk_jobs",
    "sweep_transfers",
    "tell_moderators",
    "watch_drift",
    "watch_floods",
    "watch_queues",
}


def test_a_queued_message_finds_its_task_after_an_upgrade() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {f"moderation.tasks.{name}" for name in NAMES}


def test_every_periodic_task_is_registered() -> None:
    assert set(PERIODS) <= NAMES
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_a_periodic_message_expires_before_the_next_one_is_due() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"]
