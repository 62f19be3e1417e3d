"""The Django app of policies, findings and decisions."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ModerationConfig(AppConfig):
    """What was decided about comments, and why."""

    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        """Have the audit trail protected by `migrate`."""
        from moderation.decisions import audit

        post_migrate.connect(audit.protect, sender=self)
