"""The admin site of the desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.sites import UnfoldAdminSite


class DeskSite(UnfoldAdminSite):
    """An admin site whose pages have a navigation of their own.

    Django puts the list of all models that the user may see into the context of every page, which
    asks for every permission of every model. No page of the desk shows it.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the models of one app, where its page asks for them."""
        return super().get_app_list(request, app_label) if app_label else []

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the queue: nobody looks for the desk's pages by the apps of their models."""
        return redirect("admin:moderation_reviewable_changelist")
