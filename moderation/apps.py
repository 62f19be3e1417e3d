"""The Django app of policies, findings and decisions."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """What was decided about comments, and why."""

    name = "moderation"
    verbose_name = "Moderation"
