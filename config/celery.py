"""The Celery app: where tasks are, and the schedule of beat.

Tasks carry ids as JSON, are idempotent, and may be delivered twice or never. The database holds all
pending work; a message only wakes a worker, and the periodic sweeps enqueue work whose message was
lost. Task names are fixed, so that queued messages survive when a module moves.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("leave-a-reply")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "moderation.screening",
        "moderation.screening.learning",
        "moderation.intake",
        "moderation.intake.akismet",
        "moderation.intake.transfers",
        "moderation.review.queue",
        "moderation.notifications.mail",
        "moderation.notifications.webhooks",
        "moderation.insight",
        "moderation.management",
    ]
)

# Seconds between two runs of each periodic task.
PERIODS = {
    "sweep": 5.0,
    "recheck": 60.0,
    "ask": 5.0,
    "deliver": 5.0,
    "call_back": 5.0,
    "deliver_alarms": 5.0,
    "send_mails": 5.0,
    "read_pages": 60.0,
    "fetch_pictures": 10.0,
    "sweep_bulk_jobs": 60.0,
    "sweep_transfers": 300.0,
    "watch_queues": 60.0,
    "watch_floods": 30.0,
    "watch_drift": 3600.0,
    "tell_moderators": 60.0,
    "count_days": 300.0,
    "forget": 3600.0,
    "learn": 3600.0,
    "rank_lessons": 600.0,
}
app.conf.beat_schedule = {
    # A message that waited for longer than its period is redundant: the next one is due.
    name: {"task": f"moderation.tasks.{name}", "schedule": period, "options": {"expires": period}}
    for name, period in PERIODS.items()
}
