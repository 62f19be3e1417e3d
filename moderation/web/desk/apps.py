"""Registers the desk's templates, static files and admin pages with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The moderators' desk: no models, templates that extend those of the admin's theme."""

    name = "moderation.web.desk"
