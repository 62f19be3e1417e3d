"""Register the app `comments` with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class CommentsConfig(AppConfig):
    """Sites, threads, comments, authors and accounts."""

    name = "comments"

    def ready(self) -> None:
        """Have `migrate` keep the full-text index, and SQLite search without it."""
        from comments.threads import search

        pre_migrate.connect(search.drop_sqlite_triggers, sender=self)
        post_migrate.connect(search.create_index, sender=self)
        connection_created.connect(search.register_function)
