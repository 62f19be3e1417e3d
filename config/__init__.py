"""Settings, URLs, the Celery app, and endpoints for operators."""

import gc

from config.celery import app as celery_app

__all__ = ["celery_app"]

# What is imported stays. To look it through for garbage again and again would take a seventh of a
# start: it goes on from `Operation.ready`.
gc.disable()
