"""The URLs of the Perspective API."""

from django.urls import re_path

from moderation.web.dialects.perspective import discovery, views

urlpatterns = [
    re_path(r"^v1alpha1/comments:analyze$", views.analyze),
    re_path(r"^v1alpha1/comments:suggestscore$", views.suggest_score),
    re_path(r"^\$discovery/rest$", discovery.discovery),
]
