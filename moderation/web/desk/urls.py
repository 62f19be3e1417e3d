"""The pages of the desk that belong to no model, under `/admin/`."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from moderation.web.desk.insight import statistics
from moderation.web.desk.policy import learned
from moderation.web.desk.sign_in import pages, urls
from moderation.web.desk.site import flood, installation, invite, set_up

guarded = admin.site.admin_view

urlpatterns = [
    path("figures/", guarded(statistics.page), name="moderation_statistics"),
    path("figures/<slug:name>.csv", guarded(statistics.table), name="moderation_statistics_table"),
    path(
        "figures/transparency/<int:year>.<slug:kind>",
        guarded(statistics.report),
        name="moderation_transparency",
    ),
    path("flood/", guarded(flood.page), name="desk_flood"),
    path("installation/", guarded(installation.page), name="desk_installation"),
    path("learned/", guarded(learned.start), name="desk_learned"),
    path("learned/<slug:slug>/", guarded(learned.page), name="desk_learned_site"),
    path("set-up/", guarded(set_up.new), name="desk_set_up"),
    path("set-up/<slug:slug>/", guarded(set_up.site), name="desk_set_up_site"),
    path("set-up/<slug:slug>/state.json", guarded(set_up.state), name="desk_set_up_state"),
    path("invite/", guarded(invite.page), name="desk_invite"),
    path(
        "invite/<uuid:invitation>/withdraw/",
        guarded(invite.withdraw),
        name="desk_invitation_withdraw",
    ),
    path("security/", include(urls.security)),
    # In place of the admin's own pages.
    path("login/", pages.login, name="login"),
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
]
