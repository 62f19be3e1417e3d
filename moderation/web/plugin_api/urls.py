"""The plugin API, under `/api/v1/`."""

from django.urls import path

from moderation.web.plugin_api import (
    checks,
    comments,
    data_requests,
    external_moderator,
    policy,
    threads,
    transfers,
    webhooks,
)

urlpatterns = [
    path("comments", comments.SiteCommentsView.as_view()),
    path("comments/<uuid:comment_id>", comments.SiteCommentView.as_view()),
    path("comments/<uuid:comment_id>/findings", external_moderator.ExternalAnswerView.as_view()),
    path("checks", checks.CheckTextsView.as_view()),
    path("feedback", checks.FeedbackView.as_view()),
    path("policy", policy.SitePolicyView.as_view()),
    path("policy/sections", policy.SiteSectionsView.as_view()),
    path("policy/simulate", policy.SiteSimulationView.as_view()),
    path("external-moderator", external_moderator.ExternalModeratorView.as_view()),
    path("external-moderator/rotate", external_moderator.RotateExternalSecretView.as_view()),
    path("threads", threads.ThreadsView.as_view()),
    path("threads/<uuid:thread_id>", threads.ThreadChangeView.as_view()),
    path("threads/<uuid:thread_id>/merge", threads.ThreadMergeView.as_view()),
    path("people/export", data_requests.PersonExportView.as_view()),
    path("people/erase", data_requests.PersonErasureView.as_view()),
    path("imports", transfers.ImportsView.as_view()),
    path("imports/<uuid:transfer_id>", transfers.ImportView.as_view()),
    path("imports/<uuid:transfer_id>/start", transfers.CheckedImportView.as_view()),
    path("exports", transfers.ExportsView.as_view()),
    path("exports/<uuid:transfer_id>", transfers.ExportView.as_view()),
    path("exports/<uuid:transfer_id>/file", transfers.ExportFileView.as_view()),
    path("webhooks", webhooks.WebhooksView.as_view()),
    path("webhooks/<uuid:webhook_id>", webhooks.WebhookDetailView.as_view()),
    path("webhooks/<uuid:webhook_id>/rotate", webhooks.RotateWebhookSecretView.as_view()),
    path("webhooks/<uuid:webhook_id>/test", webhooks.WebhookTestView.as_view()),
    path("webhooks/<uuid:webhook_id>/deliveries", webhooks.DeliveriesView.as_view()),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<int:delivery_id>/redeliver",
        webhooks.RedeliveryView.as_view(),
    ),
    path("counts", threads.SiteCountsView.as_view()),
]
