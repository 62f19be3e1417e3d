"""Door: the moderators' desk, on Django's admin."""

from django.contrib import admin
from django.contrib.auth.models import Group
from knox.models import AuthToken

from moderation.admin import (
    alarms,
    audit,
    authors,
    bans,
    comments,
    complaints,
    external,
    jobs,
    keys,
    mails,
    people,
    queue,
    rules,
    sites,
    transfers,
    webhooks,
)

admin.site.unregister([Group, AuthToken])

__all__ = [
    "alarms",
    "audit",
    "authors",
    "bans",
    "comments",
    "complaints",
    "external",
    "jobs",
    "keys",
    "mails",
    "people",
    "queue",
    "rules",
    "sites",
    "transfers",
    "webhooks",
]
