"""Registers the app `comments` with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CommentsConfig(AppConfig):
    """What people wrote, and where."""

    name = "comments"

    def ready(self) -> None:
        """Have the index of words kept by `migrate`."""
        from comments.threads import search

        pre_migrate.connect(search.loosen, sender=self)
        post_migrate.connect(search.build, sender=self)
