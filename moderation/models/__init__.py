"""The tables of moderation: policies, findings, decisions, queue entries, deliveries."""

from moderation.models.akismet import AkismetCheck, AkismetUsage
from moderation.models.alarm import Alarm
from moderation.models.appeal import Appeal
from moderation.models.audit import Actor, AuditAction, AuditEntry, AuditRecord, SystemActor
from moderation.models.ban import Ban
from moderation.models.blocked_host import BlockedHost
from moderation.models.bulk_job import BulkItem, BulkJob, JobState
from moderation.models.campaign import Campaign, CampaignBand, CampaignMember
from moderation.models.comparison import Comparison
from moderation.models.content_fingerprint import ContentFingerprint
from moderation.models.daily_count import (
    ChangedDay,
    CountedDay,
    CountKind,
    DailyCount,
    DailyThreadCount,
)
from moderation.models.decision import Decision, DecisionSource
from moderation.models.deliverable import DeliveryState
from moderation.models.external import ExternalModerator, Inquiry, Opinion
from moderation.models.finding import Finding
from moderation.models.kept_figures import KeptFigures
from moderation.models.label import Label, LabelSource
from moderation.models.mail import Mail, MailKind, Suppression, SuppressionReason
from moderation.models.note import Note
from moderation.models.notification import Notification
from moderation.models.policy import Policy
from moderation.models.queue_mail import QueueMail
from moderation.models.refusal_reason import RefusalReason
from moderation.models.report import Report, ReportReason
from moderation.models.review_token import ReviewToken
from moderation.models.reviewable import QueueReason, Reviewable
from moderation.models.saved_view import SavedView
from moderation.models.screening import Screening
from moderation.models.section_rules import SectionKind, SectionRules
from moderation.models.site_classifier import LearningState, SiteClassifier
from moderation.models.transfer import Transfer, TransferKind, TransferState
from moderation.models.used_link import UsedLink
from moderation.models.webhook import Attempt, Delivery, Event, EventType, Webhook

__all__ = [
    "Actor",
    "AkismetCheck",
    "AkismetUsage",
    "Alarm",
    "Appeal",
    "Attempt",
    "AuditAction",
    "AuditEntry",
    "AuditRecord",
    "Ban",
    "BlockedHost",
    "BulkItem",
    "BulkJob",
    "Campaign",
    "CampaignBand",
    "CampaignMember",
    "ChangedDay",
    "Comparison",
    "ContentFingerprint",
    "CountKind",
    "CountedDay",
    "DailyCount",
    "DailyThreadCount",
    "Decision",
    "DecisionSource",
    "Delivery",
    "DeliveryState",
    "Event",
    "EventType",
    "ExternalModerator",
    "Finding",
    "Inquiry",
    "JobState",
    "KeptFigures",
    "Label",
    "LabelSource",
    "LearningState",
    "Mail",
    "MailKind",
    "Note",
    "Notification",
    "Opinion",
    "Policy",
    "QueueMail",
    "QueueReason",
    "RefusalReason",
    "Report",
    "ReportReason",
    "ReviewToken",
    "Reviewable",
    "SavedView",
    "Screening",
    "SectionKind",
    "SectionRules",
    "SiteClassifier",
    "Suppression",
    "SuppressionReason",
    "SystemActor",
    "Transfer",
    "TransferKind",
    "TransferState",
    "UsedLink",
    "Webhook",
]
