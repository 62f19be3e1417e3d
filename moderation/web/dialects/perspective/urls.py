"""The URLs of the Perspective API."""

from django.urls import re_path

from moderation.web.dialects.perspective import batch, discovery, views

urlpatterns = [
    re_path(r"^v1alpha1/comments:analyze$", views.analyze),
    re_path(r"^v1alpha1/comments:suggestscore$", views.suggest_score),
    # The second as in Google's present discovery documents.
    re_path(r"^batch(?:/commentanalyzer/v1alpha1)?$", batch.batch),
    re_path(r"^\$discovery/rest$", discovery.discovery),
]
