"""The HTTP surface, in one table."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health, metrics
from moderation.web.desk.base.decide_by_mail import DecideByMailView
from moderation.web.desk.policy import playground
from moderation.web.desk.sign_in.urls import entrance
from moderation.web.desk.site import start

urlpatterns = [
    # People.
    path("", include("moderation.web.pages.urls")),
    path("desk/<str:token>", DecideByMailView.as_view(), name="decide_by_mail"),
    path("try/", playground.page, name="playground"),
    path("sign-in/", include(entrance)),
    path("admin/", admin.site.admin_view(start.page)),
    path("admin/", include("moderation.web.desk.urls")),
    path("admin/", admin.site.urls),
    # Programs: readers' browsers, moderators' tools, sites' servers.
    path("api/v1/sites/<slug:slug>/", include("moderation.web.public_api.urls")),
    path("api/v1/review/", include("moderation.web.review_api.urls")),
    path("api/v1/", include("moderation.web.plugin_api.urls")),
    path("", include("moderation.web.dialects.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema")),
    # Operators.
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
]

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
