"""Why a comment is not accepted: each refusal has a code of the API, and a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from moderation.intake.quotas import Quota


class SubmissionRefused(Exception):
    """Raised when a comment is not accepted; nothing was stored.

    `code` is the last part of the API's problem type; `field` names the field to change, if any.
    """

    code = "refused"
    field = ""


class ThreadClosed(SubmissionRefused):
    """The thread is closed for comments."""

    code = "thread-closed"


class Paused(SubmissionRefused):
    """The site takes no comments on this page for now."""

    code = "paused"


class MembersOnly(SubmissionRefused):
    """Readers whom the site has signed on may write here, and nobody else."""

    code = "members-only"


class ChallengeUnsolved(SubmissionRefused):
    """In a flood a form proves some work: the proof is missing, wrong, too old or used up."""

    code = "challenge-unsolved"
    field = "altcha"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Many comments come in just now, so your browser has to solve a small task first. "
                "Please send the form again."
            )
        )


class TooSoon(SubmissionRefused):
    """The reader wrote here a short while ago, and may again in `retry_after` seconds."""

    code = "too-soon"

    def __init__(self, *, retry_after: int) -> None:
        wait = {"seconds": retry_after}
        super().__init__(_("Please wait %(seconds)s seconds before you write here again.") % wait)
        self.retry_after = retry_after


class PageForeign(SubmissionRefused):
    """The page is at none of the site's origins, and its own server made no thread for it."""

    code = "page-foreign"
    field = "thread"


class ParentUnknown(SubmissionRefused):
    """The parent is no public comment of this thread."""

    code = "parent-unknown"
    field = "parent"


class TooDeep(SubmissionRefused):
    """The reply exceeds the site's maximum depth."""

    code = "too-deep"
    field = "parent"


class TooManyPosts(SubmissionRefused):
    """The quota of an IP address is exhausted; it may post again in `retry_after` seconds."""

    code = "too-many-posts"

    def __init__(self, exceeded: Sequence[Quota], *, retry_after: int) -> None:
        wait = {"seconds": retry_after}
        super().__init__(_("That was a lot of comments. Try again in %(seconds)s seconds.") % wait)
        self.quotas, self.retry_after = exceeded, retry_after


class TooManyThreads(SubmissionRefused):
    """Readers began as many threads of the site in a minute as they may."""

    code = "too-many-new-threads"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManySubscriptions(SubmissionRefused):
    """The author follows, or the thread is followed by, as many as may be."""

    code = "too-many-subscriptions"
    field = "notify"
