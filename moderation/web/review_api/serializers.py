"""Serializers of comments, decisions and findings in the review API."""

from typing import Any

from rest_framework import serializers

from comments.models import Author, Comment
from moderation.models import Appeal, Decision, Finding, Report, Reviewable
from moderation.notifications import disclosure


class AuthorSerializer(serializers.ModelSerializer[Author]):
    """The author of a comment; the address is masked."""

    email = serializers.SerializerMethodField()

    class Meta:
        model = Author
        fields: tuple[str, ...] = ("id", "name", "email", "first_seen_at")

    def get_email(self, author: Author) -> str:
        """Return the masked address; "" when no key decrypts it any more."""
        return disclosure.masked(author)


class ReviewedCommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as a moderator sees it in a list."""

    site = serializers.CharField(source="site.slug")
    thread = serializers.CharField(source="thread.key")
    thread_title = serializers.CharField(source="thread.title")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    author = AuthorSerializer(allow_null=True)
    author_url = serializers.CharField(help_text='"" for none.')

    class Meta:
        model = Comment
        fields: tuple[str, ...] = (
            "id",
            "site",
            "thread",
            "thread_title",
            "parent",
            "status",
            "revision",
            "author",
            "author_name",
            "author_url",
            "body",
            "body_html",
            "created_at",
            "edited_at",
        )
        read_only_fields: tuple[str, ...] = fields


class QueueEntrySerializer(serializers.ModelSerializer[Reviewable]):
    """Why a comment is in the queue, how urgent it is, and who has claimed it."""

    claimed_by = serializers.CharField(source="claimed_by.email", default=None, allow_null=True)

    class Meta:
        model = Reviewable
        fields: tuple[str, ...] = (
            "id",
            "why",
            "category",
            "language",
            "priority",
            "opened_at",
            "claimed_by",
            "claimed_until",
            "escalated_at",
            "escalated_why",
        )
        read_only_fields: tuple[str, ...] = fields


class NearDuplicatesSerializer(serializers.Serializer[Any]):
    """How many comments wait that are nearly the same, this one included."""

    waiting = serializers.IntegerField()
    threads = serializers.IntegerField()
    sites = serializers.IntegerField(help_text="How many sites they are at.")


class ReviewableSerializer(QueueEntrySerializer):
    """A queue entry with its comment, and how many wait that are like it."""

    campaign = serializers.UUIDField(
        source="campaign_id", allow_null=True, help_text="What near-duplicates of one site share."
    )
    near_duplicates = NearDuplicatesSerializer(
        allow_null=True, help_text="None where nothing is like it, or it is decided by itself."
    )
    comment = ReviewedCommentSerializer()

    class Meta(QueueEntrySerializer.Meta):
        fields: tuple[str, ...] = (
            *QueueEntrySerializer.Meta.fields,
            "campaign",
            "near_duplicates",
            "comment",
        )
        read_only_fields: tuple[str, ...] = fields


class ClaimedCommentSerializer(ReviewedCommentSerializer):
    """A comment with its claim: why it waits, and until when nobody else gets it."""

    why = serializers.CharField(source="claim.why")
    category = serializers.CharField(source="claim.category", help_text='"" for none.')
    priority = serializers.FloatField(source="claim.priority")
    claimed_until = serializers.DateTimeField(source="claim.claimed_until")

    class Meta(ReviewedCommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *ReviewedCommentSerializer.Meta.fields,
            "why",
            "category",
            "priority",
            "claimed_until",
        )
        read_only_fields: tuple[str, ...] = fields


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A finding of a check."""

    check = serializers.CharField(source="check_name")

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (
            "check",
            "reason",
            "category",
            "score",
            "classifier_version",
            "evidence",
        )


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision, and the grounds of an automatic one."""

    decided_by = serializers.CharField(source="decided_by.email", default=None, allow_null=True)
    policy_revision = serializers.IntegerField(
        source="policy.revision", default=None, allow_null=True
    )
    overrides = serializers.UUIDField(source="overrides_id", allow_null=True)
    cause = serializers.CharField(help_text="Why a moderator refused it; empty where not said.")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            "id",
            "comment",
            "revision",
            "verdict",
            "source",
            "cause",
            "refusal_reason",
            "is_illegal",
            "decided_by",
            "decided_at",
            "reasoning",
            "private_notes",
            "grounds",
            "policy_revision",
            "overrides",
            "undoes",
        )
        read_only_fields: tuple[str, ...] = fields


class ExplainedDecisionSerializer(DecisionSerializer):
    """A decision with its findings."""

    findings = FindingSerializer(many=True)

    class Meta(DecisionSerializer.Meta):
        fields: tuple[str, ...] = (*DecisionSerializer.Meta.fields, "findings")
        read_only_fields: tuple[str, ...] = fields


class ReporterRecordSerializer(serializers.Serializer[Any]):
    """How many of a reader's reports moderators upheld and dismissed, and what one weighs."""

    confirmed = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    weight = serializers.FloatField(help_text="From 0 to 2; 1 for somebody new.")


class FiledReportSerializer(serializers.ModelSerializer[Report]):
    """A reader's report, and the record of that reader."""

    record = ReporterRecordSerializer()

    class Meta:
        model = Report
        fields: tuple[str, ...] = ("id", "revision", "reason", "text", "created_at", "record")


class FiledAppealSerializer(serializers.ModelSerializer[Appeal]):
    """An author's appeal."""

    class Meta:
        model = Appeal
        fields: tuple[str, ...] = (
            "id",
            "decision",
            "text",
            "submitted_at",
            "outcome",
            "resolved_at",
        )
