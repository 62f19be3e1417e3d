"""The Django app of the operator's side: its system checks, error reports and traces."""

import gc

from django.apps import AppConfig
from django.conf import settings


class Operation(AppConfig):
    """Registers the checks of settings, and starts what an operator watches by.

    It is the first of the apps to be ready, when the models of all are imported.
    """

    name = "config"

    def ready(self) -> None:
        """Register the checks; report errors and send traces where settings say to whom."""
        # Of all that is imported by now nothing will become garbage.
        gc.freeze()
        gc.enable()
        from config import checks, observability  # noqa: F401 # Importing checks registers them.

        observability.start(
            sentry=settings.SENTRY_DSN, collector=settings.OTEL_EXPORTER_OTLP_ENDPOINT
        )
