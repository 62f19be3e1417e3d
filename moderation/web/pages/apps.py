"""Register the templates and static files of readers' pages with Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Pages for readers. Has no models."""

    name = "moderation.web.pages"
