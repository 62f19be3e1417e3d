"""The Django app of policies, findings and decisions."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete


class ModerationConfig(AppConfig):
    """What was decided about comments, and why."""

    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        """Have `migrate` protect the audit trail, and days counted again when pages are merged."""
        from comments.models import Thread
        from moderation.decisions import audit
        from moderation.insight import rollup

        post_migrate.connect(audit.protect, sender=self)
        pre_delete.connect(rollup.discard_thread, sender=Thread)
