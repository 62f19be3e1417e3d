"""Decide about a comment and all that wait like it, as one; `bulk.undo` undoes it as one.

It is a bulk decision that repeats what was decided about the comment that was read. Its first part
is done at once, so that most of them have gone when the answer comes; a worker does the rest.
"""

from datetime import datetime

from django.db import transaction

from comments.models import User
from moderation.decisions.proposals import DecisionRefused
from moderation.models import BulkJob, Reviewable
from moderation.review.queue import actions, bulk, bulk_worker
from moderation.review.queue.actions import DecisionRequest
from moderation.review.queue.queue import QueueFilters


def decide(request: DecisionRequest, *, moderator: User, now: datetime) -> BulkJob:
    """Decide about a comment, and about what is like it at the sites that the user moderates.

    Returns the job, whose `repeats` is the decision about the comment. Raises DecisionRefused,
    where nothing is decided; LimitReached with too many running jobs.
    """
    with transaction.atomic():
        entry = Reviewable.objects.open().filter(comment=request.comment_id).first()
        campaign = entry.campaign_id if entry else None
        (result,) = actions.decide_all([request], moderator=moderator, now=now)
        if isinstance(result, DecisionRefused):
            raise result
        # Without a campaign nothing is like it, and no campaign has such an id.
        alike = QueueFilters(campaign=str(campaign or request.comment_id))
        job = bulk.repeat(result, alike, moderator=moderator, now=now)
        bulk_worker.run(job.pk, now=now)
    job.refresh_from_db()
    return job
