"""Limits of what grows by one party's will: so many rows of a kind, and no more."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.limits import LimitReached

END_SOME = _("end some of them first")


def require_room(
    rows: QuerySet[Any],
    *,
    most: int,
    what: Promise,
    remedy: Promise = END_SOME,
) -> None:
    """Raise LimitReached unless there are fewer than `most` rows; `what` names them in plural.

    Rows that are added at the same moment may exceed the limit by their number.
    """
    if rows[:most].count() >= most:
        # Translators: such as "There are 20 webhooks, and can be no more: end some of them first."
        text = gettext("There are %(most)s %(what)s, and can be no more: %(remedy)s.")
        raise LimitReached(text % {"most": most, "what": what, "remedy": remedy})
