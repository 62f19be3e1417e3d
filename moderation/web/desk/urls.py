"""The pages of the desk that belong to no model, under `/admin/`."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from moderation.web.desk.insight import statistics
from moderation.web.desk.sign_in import pages, urls

guarded = admin.site.admin_view

urlpatterns = [
    path("figures/", guarded(statistics.page), name="moderation_statistics"),
    path("figures/<slug:name>.csv", guarded(statistics.table), name="moderation_statistics_table"),
    path(
        "figures/transparency/<int:year>.<slug:kind>",
        guarded(statistics.report),
        name="moderation_transparency",
    ),
    path("security/", include(urls.security)),
    # In place of the admin's own pages.
    path("login/", pages.login, name="login"),
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
]
