"""The HTTP surface, in one table."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import health, metrics
from moderation.admin.mailed import MailedRulingView

urlpatterns = [
    # People.
    path("", include("comments.embed.urls")),
    path("desk/<str:token>", MailedRulingView.as_view(), name="mailed_ruling"),
    path("admin/", RedirectView.as_view(pattern_name="admin:moderation_reviewable_changelist")),
    path("admin/", include("moderation.admin.urls")),
    path("admin/", admin.site.urls),
    # Programs: readers' browsers, moderators' tools, sites' servers.
    path("api/v1/sites/<slug:slug>/", include("comments.api.urls")),
    path("api/v1/review/", include("moderation.api.urls")),
    path("api/v1/", include("comments.plugin.urls")),
    path("", include("moderation.dialects.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    # Operators.
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
]

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.fault"
