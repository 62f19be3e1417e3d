"""Admin of one's own mails about the queue."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Role
from moderation.models import QueueMail
from moderation.web.desk.base.permissions import OncePerSiteAdmin, user_of


@admin.register(QueueMail)
class QueueMailAdmin(OncePerSiteAdmin):
    """How often the signed-in person is mailed about each queue; nobody else's is seen."""

    when_empty = _("You are not mailed of what comes in. Choose a site, and how often.")
    seen_by = role = Role.MODERATOR
    may_add = may_delete = True
    fixed_fields = ("site",)
    list_display = ("site", "about", "every", "last_mail")
    list_select_related = ("site",)
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": ("site", "about", "every"),
                "description": _(
                    "Each mail has links by which you can decide, after a page that "
                    "asks once more; not where you sign in with a second factor."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueueMail]:
        """Return one's own."""
        rows: QuerySet[QueueMail] = super().get_queryset(request)
        return rows.filter(user=user_of(request))

    def addable_sites(self, request: HttpRequest) -> Any:
        """Return the sites for which one has not chosen yet."""
        return super().addable_sites(request).exclude(queue_mails__user=user_of(request))

    @admin.display(description=_("last mail"))
    def last_mail(self, wish: QueueMail) -> Any:
        """Return when the last mail was written."""
        return wish.mailed_at

    def save_model(self, request: HttpRequest, obj: QueueMail, form: Any, change: bool) -> None:
        """Save for the signed-in person; what waits already is not told."""
        if not change:
            obj.user, obj.told_at = user_of(request), timezone.now()
        super().save_model(request, obj, form, change)
