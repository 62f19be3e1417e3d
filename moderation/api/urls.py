"""The review API, under `/api/v1/review/`."""

from django.urls import path

from moderation.api import views

urlpatterns = [
    path("queue", views.QueueView.as_view()),
    path("queue/claim", views.ClaimView.as_view()),
    path("queue/release", views.ReleaseView.as_view()),
    path("comments/<uuid:comment_id>", views.CommentView.as_view()),
    path("comments/<uuid:comment_id>/decision", views.DecisionView.as_view()),
    path("decisions", views.DecisionsView.as_view()),
    path("decisions/<uuid:decision_id>/undo", views.UndoView.as_view()),
]
