"""Saved views of the queue: filters under a name."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from comments.models import User
from comments.models.row_limits import require_room
from moderation.models import SavedView

MOST_PER_USER = 100


def save(user: User, *, name: str, filters: Mapping[str, Any]) -> SavedView:
    """Save filters under a name, in place of a view of that name.

    Raises LimitReached beyond MOST_PER_USER.
    """
    own = SavedView.objects.filter(user=user)
    if not own.filter(name=name).exists():
        require_room(own, most=MOST_PER_USER, what=_("saved views of yours"))
    view, _is_new = SavedView.objects.update_or_create(
        user=user, name=name, defaults={"filters": filters}
    )
    return view
