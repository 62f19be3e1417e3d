"""Show new secrets once: on the page that answers the form, and nowhere else."""

from typing import Any, ClassVar, NamedTuple

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from comments.models import Role, User
from moderation.web.desk.base.permissions import ScopedAdmin, user_of


class AddressInput(UnfoldAdminTextInputWidget):
    """A field of the theme for a web address."""

    input_type = "url"


class ShownSecret(NamedTuple):
    """A secret, and the name of what it belongs to."""

    what: str
    secret: str


def keep(request: HttpRequest, secret: str) -> None:
    """Keep a new secret on the request, for `kept`."""
    request.new_secret = secret  # type: ignore[attr-defined]


def kept(request: HttpRequest, what: str) -> ShownSecret:
    """Return the secret that `keep` put on the request."""
    return ShownSecret(what, request.new_secret)  # type: ignore[attr-defined]


def once(request: HttpRequest, model_admin: Any, secrets: list[ShownSecret]) -> HttpResponse:
    """Return the page with secrets; it is not cached and can't be shown again."""
    options = model_admin.model._meta
    context = {
        **admin.site.each_context(request),
        "title": gettext("Copy it now"),
        "opts": options,
        "secrets": secrets,
        "back": f"admin:{options.app_label}_{options.model_name}_changelist",
    }
    # Django keeps pages of the desk out of caches.
    return TemplateResponse(request, "desk/secret.html", context)


class SecretAdmin(ScopedAdmin):
    """An admin of rows with a secret, which is shown when it is new."""

    seen_by = role = Role.OWNER
    may_add = may_delete = True
    fixed_fields: ClassVar[tuple[Any, ...]] = ("site",)

    def new_secret(self, row: Any, by: User) -> str:
        """Replace the secret of a row, and return it; `by` goes into the audit trail."""
        raise NotImplementedError

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the new secret."""
        return once(request, self, [kept(request, str(obj))])

    @admin.action(
        description=_("New secret: the old one signs, too, for a day"), permissions=["change"]
    )
    def rotate(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Replace the secrets of rows, and show them."""
        rows, by = self.changeable(queryset, request), user_of(request)
        secrets = [ShownSecret(row.url, self.new_secret(row, by)) for row in rows]
        return once(request, self, secrets)
