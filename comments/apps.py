"""The Django app of sites, threads and comments."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """What people wrote, and where."""

    name = "comments"
    verbose_name = "Comments"
