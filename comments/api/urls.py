"""The public API, under `/api/v1/sites/{slug}/`."""

from django.urls import path

from comments.api import preview, sign_on, threads, views, vote

urlpatterns = [
    path("form", views.FormView.as_view()),
    path("sign-on", sign_on.SignOnView.as_view()),
    path("preview", preview.PreviewView.as_view()),
    path("comments", threads.CommentsView.as_view()),
    path("comments/<uuid:comment_id>", views.CommentView.as_view()),
    path("comments/<uuid:comment_id>/replies", threads.RepliesView.as_view()),
    path("comments/<uuid:comment_id>/report", views.ReportView.as_view()),
    path("comments/<uuid:comment_id>/appeal", views.AppealView.as_view()),
    path("comments/<uuid:comment_id>/vote", vote.VoteView.as_view()),
    path("counts", views.CountsView.as_view()),
]
