"""The nouns of moderation: rules, findings, decisions, and what waits for whom."""

from moderation.models.appeal import Appeal
from moderation.models.ban import Ban
from moderation.models.decision import Decision, Source
from moderation.models.finding import Finding
from moderation.models.label import Label, LabelSource
from moderation.models.policy import Policy
from moderation.models.report import Report, ReportReason
from moderation.models.reviewable import Reviewable, Why
from moderation.models.screening import Screening

__all__ = [
    "Appeal",
    "Ban",
    "Decision",
    "Finding",
    "Label",
    "LabelSource",
    "Policy",
    "Report",
    "ReportReason",
    "Reviewable",
    "Screening",
    "Source",
    "Why",
]
