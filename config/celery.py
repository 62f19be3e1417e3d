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
        "moderation.intake.akismet",
        "moderation.intake.transfers",
        "moderation.review.queue",
        "moderation.notifications.mail",
        "moderation.notifications.webhooks",
        "moderation.insight",
        "moderation.management",
    ]
)

app.conf.beat_schedule = {
    "sweep": {
        "task": "moderation.tasks.sweep",
        "schedule": 15.0,
        # A sweep that waited for longer than its period is redundant: the next one is due.
        "options": {"expires": 15.0},
    },
    "ask": {
        "task": "moderation.tasks.ask",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "deliver": {
        "task": "moderation.tasks.deliver",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "call-back": {
        "task": "moderation.tasks.call_back",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "deliver-alarms": {
        "task": "moderation.tasks.deliver_alarms",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "send-mails": {
        "task": "moderation.tasks.send_mails",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "sweep-bulk-jobs": {
        "task": "moderation.tasks.sweep_bulk_jobs",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "sweep-transfers": {
        "task": "moderation.tasks.sweep_transfers",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "watch-queues": {
        "task": "moderation.tasks.watch_queues",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "purge": {
        "task": "moderation.tasks.forget",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
