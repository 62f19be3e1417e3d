"""The moderation status of a comment, without the models: parsers of files need no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """The moderation status of a comment; only `approved` is public."""

    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    HELD = "held", _("Held")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    DELETED = "deleted", _("Deleted")
