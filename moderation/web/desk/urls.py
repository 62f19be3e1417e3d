"""The pages of the desk that belong to no model, under `/admin/`."""

from django.contrib import admin
from django.urls import path

from moderation.web.desk.base import two_factor
from moderation.web.desk.insight import statistics

guarded = admin.site.admin_view

urlpatterns = [
    path("figures/", guarded(statistics.page), name="moderation_statistics"),
    path("figures/<slug:name>.csv", guarded(statistics.table), name="moderation_statistics_table"),
    path(
        "figures/transparency/<int:year>.<slug:kind>",
        guarded(statistics.report),
        name="moderation_transparency",
    ),
    path("two-factor/", guarded(two_factor.page), name="moderation_two_factor"),
    path("two-factor/check/", two_factor.check, name="moderation_second_step"),
]
