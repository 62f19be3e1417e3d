"""Hosts of public blocklists: a comment that links to one is held, at every site."""

from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar

from django.db import models, transaction

from comments.models.ids import new_id
from comments.text.hosts import LONGEST

BATCH = 1_000


class BlockedHostQuerySet(models.QuerySet["BlockedHost"]):
    """Blocked hosts: look up, and replace a list."""

    def lists_of(self, hosts: Collection[str]) -> Mapping[str, str]:
        """Return, for those of the hosts that are blocked, the name of a list that has them."""
        return dict(self.filter(host__in=hosts).values_list("host", "list_name"))

    @transaction.atomic
    def replace(self, list_name: str, hosts: Iterable[str]) -> int:
        """Make a list consist of these hosts alone; return how many there were before."""
        removed, _ = self.filter(list_name=list_name).delete()
        rows = (BlockedHost(host=host, list_name=list_name) for host in sorted(hosts))
        self.bulk_create(rows, batch_size=BATCH)
        return removed


class BlockedHost(models.Model):
    """A host on a list that the operator loaded; what lies below it is blocked, too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.CharField(max_length=LONGEST)
    list_name = models.CharField(max_length=60, db_index=True)

    objects: ClassVar = BlockedHostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "list_name"], name="one_host_per_list")
        ]

    def __str__(self) -> str:
        return f"{self.host} ({self.list_name})"
