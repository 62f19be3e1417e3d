"""Transfers: imports and exports that run as jobs."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.ids import new_id


class TransferKind(models.TextChoices):
    """The direction of a transfer."""

    IMPORT = "import", _("Import")
    EXPORT = "export", _("Export")


class TransferState(models.TextChoices):
    """The state of a transfer."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = (TransferState.WAITING, TransferState.RUNNING)


class Transfer(models.Model):
    """An import or export of a site's comments, with its progress.

    Its file, of `file_bytes`, is at `DATA_DIR/transfers/<id>`. A worker has the lease until
    `claimed_until`, which is its fencing token; when it expires, another worker resumes: imports
    are idempotent. `attempts` counts the tries since the last progress; until `claimed_until` a
    transfer that failed and waits is not tried again.

    Of the `in_file` comments that an import has read, those `created` (by status in `statuses`),
    those skipped (by reason in `skipped_because`) and the `problem_count` that can't be imported
    add up; `problems` names the latter and the notes. `meetings` pairs pages of the file with
    threads that were here. `options` are those of `ImportOptions`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="transfers", verbose_name=_("site")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=TransferKind)
    format = models.CharField(_("format"), max_length=16)
    base_url = models.CharField(_("address before others"), max_length=2000, blank=True)
    options = models.JSONField(default=dict)
    dry_run = models.BooleanField(_("dry run"), default=False)
    with_addresses = models.BooleanField(_("with addresses"), default=False)
    state = models.CharField(
        _("state"), max_length=16, choices=TransferState, default=TransferState.WAITING
    )
    percent = models.PositiveSmallIntegerField(default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    in_file = models.PositiveIntegerField(default=0)
    statuses = models.JSONField(default=dict)
    skipped_because = models.JSONField(default=dict)
    threads = models.PositiveIntegerField(default=0)
    threads_met = models.PositiveIntegerField(default=0)
    meetings = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)
    note_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    error = models.CharField(_("error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("started"))
    attempts = models.PositiveSmallIntegerField(default=0)
    file_bytes = models.PositiveBigIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import or export")
        verbose_name_plural = _("moving")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "created_at"], name="transfer_by_site"),
            models.Index(fields=["finished_at"], name="transfer_by_end"),
        ]

    def __str__(self) -> str:
        day = date_format(timezone.localtime(self.created_at))
        return f"{self.get_kind_display()}, {self.site}, {day}"

    @property
    def skipped(self) -> int:
        """The number of comments that an import has left out, for whatever reason."""
        return sum(self.skipped_because.values())
