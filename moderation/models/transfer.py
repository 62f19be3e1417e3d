"""Transfers: imports and exports that run as jobs."""

from typing import ClassVar

from django.db import models

from comments.models import Site
from comments.models.ids import new_id


class TransferKind(models.TextChoices):
    """The direction of a transfer."""

    IMPORT = "import", "Import"
    EXPORT = "export", "Export"


class TransferState(models.TextChoices):
    """The state of a transfer."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Transfer(models.Model):
    """An import or export of a site's comments, with its progress.

    Its file is at `DATA_DIR/transfers/<id>`. A worker has the lease until `claimed_until`; when it
    expires, another worker resumes: imports are idempotent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="transfers")
    kind = models.CharField(max_length=8, choices=TransferKind)
    format = models.CharField(max_length=16)
    base_url = models.CharField(max_length=2000, blank=True)
    dry_run = models.BooleanField(default=False)
    with_addresses = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=TransferState, default=TransferState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    threads = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.site}, {self.created_at:%Y-%m-%d}"
