"""Permissions of the desk, by membership of sites rather than by Django's permissions."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from unfold.admin import ModelAdmin

from comments.models import Membership, Role, Site, User
from moderation.review.sites import create
from moderation.web.desk.base.navigation import entry_of
from moderation.web.desk.base.pagination import UncountedPaginator


def sites_of(request: HttpRequest, role: Role = Role.VIEWER) -> QuerySet[Site]:
    """Return the sites where the signed-in user has at least this role."""
    if not isinstance(request.user, User):
        return Site.objects.none()
    return Site.objects.of(request.user, Role.at_least(role))


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user; raise Http404 where there is none."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def has_role_anywhere(request: HttpRequest, role: Role) -> bool:
    """Tell whether the user has at least this role at any site.

    A page asks for each of its links and buttons, the database is asked once for each request.
    """
    if not isinstance(request.user, User):
        return False
    known = vars(request)
    if "roles_anywhere" not in known:
        known["roles_anywhere"] = _roles_of(request.user)
    return not known["roles_anywhere"].isdisjoint(Role.at_least(role))


def _roles_of(user: User) -> frozenset[str]:
    if user.is_superuser:
        return frozenset(Role) if Site.objects.exists() else frozenset()
    return frozenset(Membership.objects.filter(user=user).values_list("role", flat=True))


def is_owner(request: HttpRequest) -> bool:
    """Tell whether the user owns any site."""
    return has_role_anywhere(request, Role.OWNER)


def may_add_site(request: HttpRequest) -> bool:
    """Tell whether the user may make a site."""
    return isinstance(request.user, User) and create.may_create(request.user)


def is_superuser(request: HttpRequest) -> bool:
    """Tell whether the user is a superuser."""
    return isinstance(request.user, User) and request.user.is_superuser


def has_role_at(request: HttpRequest, site: UUID, role: Role = Role.MODERATOR) -> bool:
    """Tell whether the user has at least this role at the site with this id."""
    return sites_of(request, role).filter(pk=site).exists()


class SuperusersOnly:
    """Restrict an admin to superusers, whatever Django permissions others have."""

    def has_module_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow superusers alone."""
        return is_superuser(request)

    has_view_permission = has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_module_permission


class TitledList:
    """A mixin of admins whose list has the name that it has in the sidebar."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, under its name."""
        entry = entry_of(request.path)
        title = {"title": entry.title} if entry else {}
        admin: Any = super()
        answer: HttpResponse = admin.changelist_view(request, {**title, **(extra_context or {})})
        return answer


class ScopedAdmin(TitledList, ModelAdmin):
    """An admin of rows that belong to sites; it answers 404 for rows of other sites.

    `site_path` is the lookup from the model to its site. Who has the role `seen_by` at a site may
    look at its rows. Who has `role` may change them, and add or delete where `may_add` and
    `may_delete` say so. With `is_append_only` a stored row can't be edited; `fixed_fields` can't be
    edited in a stored row.
    """

    site_path: ClassVar[str] = "site"
    seen_by: ClassVar[Role] = Role.VIEWER
    role: ClassVar[Role] = Role.MODERATOR
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False
    is_append_only: ClassVar[bool] = False
    fixed_fields: ClassVar[tuple[Any, ...]] = ()
    # What an empty list says: what comes here, and by what.
    when_empty: ClassVar[str | Promise] = ""
    # Pages turn without counting the rows: there may be millions.
    paginator = UncountedPaginator
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the sites that the user may look at."""
        own = {f"{self.site_path}__in": sites_of(request, self.seen_by)}
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(**own)

    def changeable(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Keep the rows of the sites where the user has the admin's role."""
        return queryset.filter(**{f"{self.site_path}__in": sites_of(request, self.role)})

    def addable_sites(self, request: HttpRequest) -> QuerySet[Site]:
        """Return the sites to which the user may add a row."""
        return sites_of(request, self.role)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Allow all who may sign in to the desk."""
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Require `seen_by` at any site; `get_queryset` keeps out the rows of other sites."""
        return self.has_module_permission(request) and (
            self.seen_by is Role.VIEWER or has_role_anywhere(request, self.seen_by)
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Require the role at the row's site, or at any site where there is no row."""
        if self.is_append_only and obj is not None:
            return False
        return self.may_change and self.has_role(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Require the role at any site; the form offers no other sites."""
        return self.may_add and has_role_anywhere(request, self.role)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Require the role at the row's site."""
        return self.may_delete and self.has_role(request, obj)

    def has_role(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell whether the user has the admin's role at the row's site, or at any site."""
        if obj is None:
            return has_role_anywhere(request, self.role)
        row = type(obj)._default_manager.filter(pk=obj.pk)
        return self.changeable(row, request).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Add the fixed fields where a row is stored."""
        return (*(self.fixed_fields if obj else ()), *self.readonly_fields)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sites to which the user may add a row, and no others."""
        if db_field.related_model is Site:
            kwargs["queryset"] = self.addable_sites(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete row by row, so that `delete_model` does for many what it does for one."""
        for row in queryset:
            self.delete_model(request, row)


class OncePerSiteAdmin(ScopedAdmin):
    """An admin of rows of which a site, or a person there, has one at most."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Require a site that has none yet."""
        return super().has_add_permission(request) and self.addable_sites(request).exists()


class DetailAdmin(ScopedAdmin):
    """An admin that shows a row by a template of its own, not by Django's form."""

    detail_template: ClassVar[str]

    def detail(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return the template context for a row."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Render the page of a row; raise Http404 where there is none at the user's sites."""
        row = self.get_object(request, unquote(object_id or ""))
        if row is None:
            raise Http404
        context = {**self.admin_site.each_context(request), **self.detail(request, row)}
        return TemplateResponse(request, self.detail_template, context)
