"""The URLs of the compatible APIs, each under the paths that its clients use."""

from django.urls import include, path

from moderation.web.dialects import coral, openai

urlpatterns = [
    path("", include("moderation.web.dialects.akismet.urls")),
    path("", include("moderation.web.dialects.perspective.urls")),
    path("v1/moderations", openai.moderations),
    # For clients whose base URL has no version.
    path("moderations", openai.moderations),
    path("coral/<slug:slug>", coral.moderate),
]
