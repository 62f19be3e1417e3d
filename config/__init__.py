"""How the service is run: settings, URLs, the Celery app. Nothing else."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
