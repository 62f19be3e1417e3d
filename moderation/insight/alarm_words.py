"""What alarms say, in the language of who reads it."""

from django.utils.translation import ngettext

from moderation.notifications.mail.languages import in_their_language


@in_their_language
def how_many(waiting: int) -> str:
    """Return how many comments wait: "1 comment waits."."""
    words = ngettext("%(number)s comment waits.", "%(number)s comments wait.", waiting)
    return words % {"number": waiting}


@in_their_language
def too_old(hours: int) -> str:
    """Return for how long one has waited at least."""
    words = ngettext(
        "A comment has waited for more than %(number)s hour.",
        "A comment has waited for more than %(number)s hours.",
        hours,
    )
    return words % {"number": hours}
