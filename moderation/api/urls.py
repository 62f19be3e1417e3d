"""The review API, under `/api/v1/review/`."""

from django.urls import path

from moderation import appealing
from moderation.api import alarms, bulk, complaints, people, records, rules, views

urlpatterns = [
    # The queue, and deciding.
    path("queue", views.QueueView.as_view()),
    path("queue/counts", views.QueueCountsView.as_view()),
    path("queue/claim", views.ClaimView.as_view()),
    path("queue/release", views.ReleaseView.as_view()),
    path("views", bulk.SavedViewsView.as_view()),
    path("views/<uuid:view_id>", bulk.SavedViewView.as_view()),
    path("comments", records.CommentsView.as_view()),
    path("comments/<uuid:comment_id>", views.CommentView.as_view()),
    path("comments/<uuid:comment_id>/decision", views.DecisionView.as_view()),
    path("comments/<uuid:comment_id>/escalate", views.EscalateView.as_view()),
    path("decisions", views.DecisionsView.as_view()),
    path("decisions/<uuid:decision_id>/undo", views.UndoView.as_view()),
    path("jobs", bulk.JobsView.as_view()),
    path("jobs/<uuid:job_id>", bulk.JobView.as_view()),
    path("jobs/<uuid:job_id>/items", bulk.JobItemsView.as_view()),
    path("jobs/<uuid:job_id>/cancel", bulk.CancelJobView.as_view()),
    path("jobs/<uuid:job_id>/undo", bulk.UndoJobView.as_view()),
    # People.
    path("authors", people.AuthorsView.as_view()),
    path("authors/<uuid:author_id>", people.AuthorView.as_view()),
    path("authors/<uuid:author_id>/notes", people.NotesView.as_view()),
    path("authors/<uuid:author_id>/ban", people.AuthorBanView.as_view()),
    path("bans", people.BansView.as_view()),
    path("bans/<uuid:ban_id>", people.BanView.as_view()),
    # Complaints.
    path("reports", complaints.ReportsView.as_view()),
    path("appeals", complaints.AppealsView.as_view()),
    path("appeals/<uuid:appeal_id>", complaints.AppealView.as_view()),
    path("appeals/<uuid:appeal_id>/uphold", complaints.AppealAnswerView.as_view()),
    path(
        "appeals/<uuid:appeal_id>/overturn",
        complaints.AppealAnswerView.as_view(verb=appealing.overturn),
    ),
    # House rules.
    path("policy", rules.PolicyView.as_view()),
    path("policy/revisions", rules.RevisionsView.as_view()),
    path("policy/simulate", rules.SimulateView.as_view()),
    path("words", rules.WordsView.as_view()),
    path("alarm", alarms.AlarmView.as_view()),
    # Looking back.
    path("stats", records.FiguresView.as_view()),
    path("stats/<slug:table>.csv", records.FiguresTableView.as_view()),
    path("transparency/<int:year>", records.TransparencyView.as_view()),
    path("transparency/<int:year>.csv", records.TransparencyTableView.as_view()),
    path("audit", records.AuditView.as_view()),
    path("audit.<slug:kind>", records.AuditTableView.as_view()),
]
