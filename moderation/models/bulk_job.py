"""Bulk jobs: one verdict on all matching comments, in the background."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from moderation.rules.verdicts import Verdict


class JobState(models.TextChoices):
    """The state of a job."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class BulkJob(models.Model):
    """A moderator's verdict on all comments that matched the filters at `started_at`.

    `total` comments matched; `done` of them were decided and `refused` could not be. Any worker
    resumes after `cursor`, the id of the last processed comment. A job with `undoes` undoes the
    decisions of another one that are still effective.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs", verbose_name=_("moderator")
    )
    filters = models.JSONField(default=dict)
    verdict = models.CharField(
        _("verdict"), max_length=16, choices=[(v, v.title()) for v in Verdict], blank=True
    )
    reasoning = models.TextField(blank=True)
    reason = models.CharField(
        max_length=40, blank=True, help_text="The key of the reason chosen for all of them."
    )
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")
    # The decision about one comment, which was read, that it repeats for others like it.
    repeats = models.ForeignKey(
        "moderation.Decision", models.CASCADE, null=True, related_name="repeated_by"
    )
    state = models.CharField(_("state"), max_length=16, choices=JobState, default=JobState.RUNNING)
    total = models.PositiveIntegerField(_("comments"), default=0)
    done = models.PositiveIntegerField(_("decided"), default=0)
    refused = models.PositiveIntegerField(_("could not be"), default=0)
    cursor = models.UUIDField(null=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="bulk_job_running",
                condition=models.Q(state=JobState.RUNNING),
            )
        ]

    def __str__(self) -> str:
        what = self.get_verdict_display() if self.verdict else gettext("Undo")
        return f"{what}: {self.done + self.refused}/{self.total}"


class BulkItem(models.Model):
    """A processed comment of a job: decided, or refused with the code of the refusal."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="items", db_index=False)
    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="+")
    decision = models.ForeignKey("moderation.Decision", models.CASCADE, null=True, related_name="+")
    problem = models.CharField(max_length=32, blank=True, help_text="The code of the refusal.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "comment"], name="one_item_per_job_and_comment")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.problem or 'decided'}"
