"""Settings of Celery: the broker, the queues, and how long a task may take."""

from pathlib import Path
from ssl import CERT_REQUIRED
from typing import Any

from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

from comments.databases.redis_client import Sentinels, sentinels

# Each kind of work has a queue, and each queue a worker of its own, so that none waits for another:
# the screening of comments; what waits for other people's machines; and large files, which may turn
# out to be hostile, with all else that calculates for long.
QUEUES = ("screening", "outgoing", "transfers")
ROUTES = {
    "outgoing": (
        *("ask", "call_back", "deliver", "deliver_alarms", "fetch_pictures", "read_pages"),
        "send_mails",
    ),
    "transfers": ("count_days", "forget", "learn", "run_transfer"),
}
COMMON: dict[str, Any] = {
    "CELERY_TASK_SERIALIZER": "json",
    "CELERY_RESULT_SERIALIZER": "json",
    "CELERY_ACCEPT_CONTENT": ["json"],
    "CELERY_TASK_IGNORE_RESULT": True,
    "CELERY_TASK_ACKS_LATE": True,
    "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
    "CELERY_TASK_SOFT_TIME_LIMIT": 60,
    "CELERY_TASK_TIME_LIMIT": 120,
    "CELERY_TASK_DEFAULT_QUEUE": "screening",
    "CELERY_TASK_QUEUES": [Queue(name) for name in QUEUES],
    "CELERY_TASK_ROUTES": {
        f"moderation.tasks.{task}": {"queue": queue}
        for queue, tasks in ROUTES.items()
        for task in tasks
    },
    "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
    "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
    # A large file takes its time; an import that is ended goes on where it was. Many sites learn in
    # one task.
    "CELERY_TASK_ANNOTATIONS": {
        "moderation.tasks.run_transfer": {"soft_time_limit": 3600, "time_limit": 3660},
        "moderation.tasks.forget": {"soft_time_limit": 1800, "time_limit": 1860},
        "moderation.tasks.learn": {"soft_time_limit": 3000, "time_limit": 3060},
    },
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
    # Beat's own default keeps its schedule in a pickle. Ours is short periods: nothing to keep.
    "CELERY_BEAT_SCHEDULER": "celery.beat:Scheduler",
    # A reader waits while a wake-up is sent, so a broker that is away is given up on at once.
    "CELERY_TASK_PUBLISH_RETRY": False,
}
# What kombu takes for an address, by its scheme: CELERY_BROKER_TRANSPORT would hold for the first
# of several alone.
TRANSPORT_ALIASES.update(
    redis="config.redis_broker:RedisTransport",
    rediss="config.redis_broker:RedisTransport",
    sentinel="config.redis_broker:SentinelTransport",
)


def celery_settings(*, redis_url: str, data_dir: Path) -> dict[str, Any]:
    """Return the settings of Celery, whose broker is Redis, or a folder without one."""
    return COMMON | (_redis(redis_url) if redis_url else _folder(data_dir / "broker"))


def _redis(url: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "retry_on_timeout": False,
        # A worker that waits at a server that hangs, or whose machine is gone, looks for it anew
        # after twice as long: by default that is most of a minute.
        "health_check_interval": 5,
        # A reader waits. By default a connection that was lost is tried again and again, with
        # seconds between. Workers and beat have retries of their own.
        "max_retries": 0,
    }
    if named := sentinels(url):
        return _sentinels(named, options)
    return {"CELERY_BROKER_URL": url, "CELERY_BROKER_TRANSPORT_OPTIONS": options}


def _sentinels(named: Sentinels, options: dict[str, Any]) -> dict[str, Any]:
    tls = {} if named.ssl is None else {"ssl_cert_reqs": CERT_REQUIRED, **named.ssl}
    return {
        "CELERY_BROKER_URL": named.broker_url(),
        "CELERY_BROKER_USE_SSL": tls or None,
        "CELERY_BROKER_TRANSPORT_OPTIONS": options
        | {"master_name": named.master, "sentinel_kwargs": named.sentinel_options()},
    }


def _folder(folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "CELERY_BROKER_URL": "filesystem://localhost/",
        "CELERY_BROKER_TRANSPORT": "config.embedded_broker:Transport",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        },
        "CELERY_WORKER_ENABLE_REMOTE_CONTROL": False,
    }
