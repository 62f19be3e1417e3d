"""The people who sign in, and what they may do at which site."""

from typing import Any, ClassVar

from allauth.core import context
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminEmailInputWidget

from comments.models import Membership, Role, User
from moderation.decisions import audit
from moderation.models import AuditAction
from moderation.web.desk.base.permissions import ScopedAdmin, SuperusersOnly, user_of
from moderation.web.desk.sign_in import reset_second_factor


class NewUserForm(UserCreationForm):
    """Asks for the address instead of a user name."""

    class Meta:
        model = User
        fields = ("email",)
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"email": forms.EmailField}


class MembershipInline(SuperusersOnly, TabularInline):
    """What a user may do, site by site."""

    model = Membership
    extra = 0


@admin.register(User)
class UserAdmin(SuperusersOnly, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts and their memberships, for those who run the service."""

    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    inlines = (MembershipInline,)
    list_display = ("email", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "second_factor")
    fieldsets = (
        (None, {"fields": ("email", "password", "second_factor", "first_name", "last_name")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)

    @admin.display
    def second_factor(self, user: User) -> str:
        """Return whether there is one, and where to reset it."""
        return reset_second_factor.state(user, by=user_of(context.request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Set the roles, and write down who did."""
        super().save_formset(request, form, formset, change)
        for membership in (*formset.new_objects, *(row for row, _ in formset.changed_objects)):
            _write_down(AuditAction.MEMBER_SET, membership, by=user_of(request))
        for membership in formset.deleted_objects:
            _write_down(AuditAction.MEMBER_REMOVED, membership, by=user_of(request))


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role at a site. A new member is named by address, so that nobody's accounts are listed."""

    email = forms.EmailField(
        label="email address",
        widget=UnfoldAdminEmailInputWidget,
        help_text="Of an account that is there already.",
    )

    class Meta:
        model = Membership
        fields = ("site", "role")

    def clean(self) -> dict[str, Any]:
        """Return the data once it names somebody, and leaves the site an owner."""
        data = super().clean() or {}
        if "email" in data:
            self._name(data["email"], data.get("site"))
        elif data.get("role") != Role.OWNER and _is_last_owner(self.instance):
            self.add_error("role", "A site needs an owner: make somebody else one first.")
        return data

    def _name(self, email: str, site: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            self.add_error("email", "Nobody has an account with this address.")
        elif Membership.objects.filter(user=user, site=site).exists():
            self.add_error("email", "This person is a member already.")
        else:
            self.instance.user = user


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Who does what at a site; its owners say so."""

    seen_by = role = Role.OWNER
    may_add = may_delete = True
    form = MembershipForm
    list_display = ("user", "role", "site")
    list_filter = ("role", ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site", "user")
    ordering = ("site", "user__email")
    # One by one, so that a site keeps an owner.
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Ask for somebody new by address."""
        return ("user", "site", "role", "second_factor") if obj else ("email", "site", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let a membership change its role alone."""
        return ("user", "site", "second_factor") if obj else ()

    @admin.display
    def second_factor(self, membership: Membership) -> str:
        """Return whether the member has one, and where to reset it."""
        return reset_second_factor.state(membership.user, by=user_of(context.request))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Suggest the role that may do least."""
        return {"role": Role.VIEWER, **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Leave the address out where the member is known."""
        form = super().get_form(request, obj, **options)
        if obj:
            del form.base_fields["email"]
        return form

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Set the role, and write down who did."""
        super().save_model(request, obj, form, change)
        _write_down(AuditAction.MEMBER_SET, obj, by=user_of(request))

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Remove the member, and write down who did."""
        _write_down(AuditAction.MEMBER_REMOVED, obj, by=user_of(request))
        super().delete_model(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the last owner of a site."""
        return super().has_delete_permission(request, obj) and not (obj and _is_last_owner(obj))


def _write_down(act: AuditAction, membership: Membership, *, by: User) -> None:
    audit.record(
        act,
        site=membership.site,
        by=by,
        now=timezone.now(),
        subject=membership.user_id,
        detail={"member": membership.user.email, "role": membership.role},
    )


def _is_last_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(site=membership.site_id, role=Role.OWNER)
    return list(owners.values_list("pk", flat=True)[:2]) == [membership.pk]
