"""Registers the templates of email messages with Django."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Outgoing email: no models."""

    name = "moderation.notifications.mail"
