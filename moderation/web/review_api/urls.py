"""The review API, under `/api/v1/review/`."""

from django.urls import path

from moderation.review.people import appeals
from moderation.web.review_api import (
    alarms,
    authors,
    bulk,
    classifiers,
    comments,
    decisions,
    floods,
    highlights,
    near_duplicates,
    policy,
    queue,
    records,
    refusal_reasons,
    reports_and_appeals,
)

urlpatterns = [
    # The queue, and deciding.
    path("queue", queue.QueueView.as_view()),
    path("queue/counts", queue.QueueCountsView.as_view()),
    path("queue/claim", queue.ClaimView.as_view()),
    path("queue/release", queue.ReleaseView.as_view()),
    path("views", bulk.SavedViewsView.as_view()),
    path("views/<uuid:view_id>", bulk.SavedViewDetailView.as_view()),
    path("comments", records.CommentSearchView.as_view()),
    path("comments/<uuid:comment_id>", comments.CommentDetailView.as_view()),
    path("comments/<uuid:comment_id>/decision", decisions.DecisionView.as_view()),
    path("comments/<uuid:comment_id>/decide-as-one", near_duplicates.DecideAsOneView.as_view()),
    path("comments/<uuid:comment_id>/escalate", queue.EscalateView.as_view()),
    path("comments/<uuid:comment_id>/highlight", highlights.HighlightView.as_view()),
    path("decisions", decisions.DecisionsView.as_view()),
    path("decisions/<uuid:decision_id>/undo", decisions.UndoView.as_view()),
    path("jobs", bulk.BulkJobsView.as_view()),
    path("jobs/<uuid:job_id>", bulk.BulkJobDetailView.as_view()),
    path("jobs/<uuid:job_id>/items", bulk.BulkItemsView.as_view()),
    path("jobs/<uuid:job_id>/cancel", bulk.CancelBulkJobView.as_view()),
    path("jobs/<uuid:job_id>/undo", bulk.UndoBulkJobView.as_view()),
    # People.
    path("authors", authors.AuthorsView.as_view()),
    path("authors/<uuid:author_id>", authors.AuthorDetailView.as_view()),
    path("authors/<uuid:author_id>/notes", authors.AuthorNotesView.as_view()),
    path("authors/<uuid:author_id>/ban", authors.AuthorBanView.as_view()),
    path("bans", authors.BansView.as_view()),
    path("bans/<uuid:ban_id>", authors.BanDetailView.as_view()),
    # Complaints.
    path("reports", reports_and_appeals.ReportsView.as_view()),
    path("appeals", reports_and_appeals.AppealsView.as_view()),
    path("appeals/<uuid:appeal_id>", reports_and_appeals.AppealDetailView.as_view()),
    path("appeals/<uuid:appeal_id>/uphold", reports_and_appeals.AppealAnswerView.as_view()),
    path(
        "appeals/<uuid:appeal_id>/overturn",
        reports_and_appeals.AppealAnswerView.as_view(answer=appeals.overturn),
    ),
    # House rules.
    path("policy", policy.ReviewPolicyView.as_view()),
    path("policy/revisions", policy.PolicyRevisionsView.as_view()),
    path("policy/sections", policy.ReviewSectionsView.as_view()),
    path("policy/simulate", policy.ReviewSimulationView.as_view()),
    path("refusal-reasons", refusal_reasons.RefusalReasonsView.as_view()),
    path("words", policy.WordsView.as_view()),
    path("learning", classifiers.LearningView.as_view()),
    path("learning/ignored_words", classifiers.IgnoredWordsView.as_view()),
    path("classifiers", classifiers.ClassifiersView.as_view()),
    path("classifiers/rollback", classifiers.RollBackView.as_view()),
    path("classifiers/<int:number>", classifiers.ClassifierDetailView.as_view()),
    path("classifiers/<int:number>/promote", classifiers.PromoteView.as_view()),
    path("alarm", alarms.AlarmView.as_view()),
    path("flood", floods.FloodView.as_view()),
    # Looking back.
    path("stats", records.StatisticsView.as_view()),
    path("stats/<slug:table>.csv", records.StatisticsTableView.as_view()),
    path("transparency/<int:year>", records.TransparencyView.as_view()),
    path("transparency/<int:year>.csv", records.TransparencyTableView.as_view()),
    path("audit", records.AuditTrailView.as_view()),
    path("audit.<slug:kind>", records.AuditExportView.as_view()),
]
