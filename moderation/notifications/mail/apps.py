"""Django app that holds the templates of email messages."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Outgoing email: no models."""

    name = "moderation.notifications.mail"
