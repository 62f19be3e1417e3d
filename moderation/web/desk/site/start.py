"""Where the desk begins: with the queue, or with the set-up for who has no site yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from moderation.web.desk.base.permissions import may_add_site, sites_of


def page(request: HttpRequest) -> HttpResponse:
    """Lead to the queue, or to the set-up."""
    if may_add_site(request) and not sites_of(request).exists():
        return redirect("desk_set_up")
    return redirect("admin:moderation_reviewable_changelist")
