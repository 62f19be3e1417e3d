"""Who sees and does what: memberships decide, not Django's permissions."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from comments.models import Role, Site, User


def sites_of(request: HttpRequest, role: Role = Role.VIEWER) -> QuerySet[Site]:
    """Return the sites where the signed-in user has at least this role."""
    if not isinstance(request.user, User):
        return Site.objects.none()
    return Site.objects.of(request.user, Role.at_least(role))


def user_of(request: HttpRequest) -> User:
    """Return who is signed in; raise Http404 when nobody is."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def is_owner(request: HttpRequest) -> bool:
    """Tell whether the user owns a site."""
    return sites_of(request, Role.OWNER).exists()


def is_superuser(request: HttpRequest) -> bool:
    """Tell whether the user runs the service."""
    return isinstance(request.user, User) and request.user.is_superuser


class SuperusersOnly:
    """Leaves an admin to those who run the service, whatever permissions others were given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Let superusers in."""
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let superusers look."""
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let superusers add."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let superusers change."""
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let superusers delete."""
        return is_superuser(request)


class ScopedAdmin(ModelAdmin):
    """An admin of what belongs to sites; what is not of the user's sites does not exist.

    `site_path` leads from the model to its site. `seen_by` may look. `role` may change what is
    there, and add or delete where `may_add` and `may_delete` say so.
    """

    site_path: ClassVar[str] = "site"
    seen_by: ClassVar[Role] = Role.VIEWER
    role: ClassVar[Role] = Role.MODERATOR
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False
    # Pages turn without counting the rows: there may be millions.
    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what is of the user's sites."""
        own = {f"{self.site_path}__in": sites_of(request, self.seen_by)}
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(**own)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Let members in."""
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let members look; the query set sees to it that they look at their own."""
        return self.has_module_permission(request) and (
            self.seen_by is Role.VIEWER or sites_of(request, self.seen_by).exists()
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Ask for the role at the object's site, or at any where there is no object yet."""
        return self.may_change and self.has_role(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for the role at any site; the form offers these sites only."""
        return self.may_add and self.has_role(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Ask for the role at the object's site."""
        return self.may_delete and self.has_role(request, obj)

    def has_role(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell whether the user has the admin's role at the object's site, or at any site."""
        sites = sites_of(request, self.role)
        if obj is None:
            return sites.exists()
        own = {f"{self.site_path}__in": sites, "pk": obj.pk}
        return type(obj)._default_manager.filter(**own).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sites where the user has the role, and no others."""
        if db_field.related_model is Site:
            kwargs["queryset"] = sites_of(request, self.role)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
