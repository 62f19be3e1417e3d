"""Settings of drf-spectacular, which generates the OpenAPI description."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Leave a Reply",
    "DESCRIPTION": "Comments for any website: posting, reading and reviewing.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi_examples.add_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "comments.models.comment.Status",
        "ReportReasonEnum": "moderation.models.report.ReportReason",
        "VerdictEnum": "moderation.web.shared.policy_serializers.VERDICTS",
        "CategoryEnum": "moderation.rules.verdicts.Category",
        "ClassifierStateEnum": "moderation.models.site_classifier.LearningState",
        "LearningModeEnum": "moderation.models.policy_choices.LEARNING_CHOICES",
        "FindingReasonEnum": "moderation.models.finding.REASONS",
    },
}
