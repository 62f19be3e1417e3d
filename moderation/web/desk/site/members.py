"""The people who sign in, and what they may do at which site."""

from typing import Any, ClassVar

from allauth.core import context
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from comments.models import Membership, Role, User
from moderation.review import members, review_tokens
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, SuperusersOnly, TitledList, user_of
from moderation.web.desk.sign_in import reset_second_factor, tokens


class NewUserForm(UserCreationForm):
    """Asks for the address instead of a user name."""

    class Meta:
        model = User
        fields = ("email",)
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"email": forms.EmailField}


class MembershipInline(SuperusersOnly, StackedInline):
    """What a user may do, site by site."""

    model = Membership
    extra = 0


@admin.register(User)
class UserAdmin(SuperusersOnly, TitledList, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
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
    readonly_fields = ("last_login", "date_joined", "second_factor", "review_tokens")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    "password",
                    "second_factor",
                    "review_tokens",
                    "first_name",
                    "last_name",
                )
            },
        ),
        (_("May"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("When"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)

    @admin.display(description=_("second factor"))
    def second_factor(self, user: User) -> str:
        """Return whether there is one, and where to reset it."""
        return reset_second_factor.state(user, by=user_of(context.request))

    @admin.display(description=_("review tokens"))
    def review_tokens(self, user: User) -> str:
        """Return how many there are, and where to end them."""
        return tokens.state(user, by=user_of(context.request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Set the roles, and write down who did."""
        super().save_formset(request, form, formset, change)
        for membership in (*formset.new_objects, *(row for row, fields in formset.changed_objects)):
            members.note_role(membership, by=user_of(request), now=timezone.now())
        for membership in formset.deleted_objects:
            members.remove(membership, by=user_of(request), now=timezone.now())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save the account; one that is closed loses its review tokens."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            review_tokens.end_all(obj, by=user_of(request), now=timezone.now())


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """The role of a member at a site."""

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_role(self) -> str:
        """Return the role, once it leaves the site an owner."""
        role = str(self.cleaned_data["role"])
        if role != Role.OWNER and members.is_last_owner(self.instance):
            raise ValidationError(_("A site needs an owner: make somebody else one first."))
        return role


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Who does what at a site; its owners say so."""

    seen_by = role = Role.OWNER
    may_add = may_delete = True
    form = MembershipForm
    list_display = ("user", "role", "site")
    list_filter = ("role", ("site", SiteListFilter))
    list_select_related = ("site", "user")
    ordering = ("site", "user__email")
    # One by one, so that a site keeps an owner.
    actions = None

    fields = ("user", "site", "role", "second_factor", "review_tokens")
    readonly_fields = ("user", "site", "second_factor", "review_tokens")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the page of invitations."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("desk_invite")

    @admin.display(description=_("review tokens"))
    def review_tokens(self, membership: Membership) -> str:
        """Return how many the member has, and where to end them."""
        return tokens.state(membership.user, by=user_of(context.request))

    @admin.display(description=_("second factor"))
    def second_factor(self, membership: Membership) -> str:
        """Return whether the member has one, and where to reset it."""
        return reset_second_factor.state(membership.user, by=user_of(context.request))

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Set the role, write down who did, and tell the member."""
        super().save_model(request, obj, form, change)
        members.note_role(obj, by=user_of(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Remove the member, write down who did, and tell them."""
        members.remove(obj, by=user_of(request), now=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the last owner of a site."""
        return super().has_delete_permission(request, obj) and not (
            obj and members.is_last_owner(obj)
        )
