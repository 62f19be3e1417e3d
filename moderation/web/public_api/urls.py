"""The public API, under `/api/v1/sites/{slug}/`."""

from django.urls import path

from moderation.web.public_api import preview, single_sign_on, threads, views, votes

urlpatterns = [
    path("form", views.FormView.as_view()),
    path("sign-on", single_sign_on.SignOnView.as_view()),
    path("preview", preview.PreviewView.as_view()),
    path("comments", threads.CommentsView.as_view()),
    path("comments/<uuid:comment_id>", views.CommentView.as_view()),
    path("comments/<uuid:comment_id>/replies", threads.RepliesView.as_view()),
    path("comments/<uuid:comment_id>/report", views.ReportView.as_view()),
    path("comments/<uuid:comment_id>/appeal", views.SubmitAppealView.as_view()),
    path("comments/<uuid:comment_id>/vote", votes.VoteView.as_view()),
    path("counts", views.CountsView.as_view()),
]
