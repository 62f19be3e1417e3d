"""Sites and their threads."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from comments.models import Role, Site, Thread
from moderation.admin.scoping import ScopedAdmin


@admin.register(Site)
class SiteAdmin(ScopedAdmin):
    """A site's rules for posting; its owners set them."""

    site_path = "pk"
    role = Role.OWNER
    list_display = ("name", "slug", "require_email", "max_length")
    readonly_fields = ("slug",)
    exclude = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave new sites to those who run the service."""
        return bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Fix the slug once it is in addresses."""
        return self.readonly_fields if obj else ()


@admin.register(Thread)
class ThreadAdmin(ScopedAdmin):
    """The pages of a site; moderators close and open them."""

    list_display = ("__str__", "site", "closed_at", "created_at")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "key")
    list_select_related = ("site",)
    fields = ("site", "key", "url", "title", "created_at", "closed_at")
    readonly_fields = ("site", "key", "url", "created_at")
    ordering = ("-id",)
