"""Serializers of comments, decisions and findings in the review API."""

from cryptography.fernet import InvalidToken
from rest_framework import serializers

from comments.models import Author, Comment
from comments.privacy import email_addresses
from moderation.models import Appeal, Decision, Finding, Report, Reviewable


class AuthorSerializer(serializers.ModelSerializer[Author]):
    """The author of a comment; the address is masked."""

    email = serializers.SerializerMethodField()

    class Meta:
        model = Author
        fields: tuple[str, ...] = ("id", "name", "email", "first_seen_at")

    def get_email(self, author: Author) -> str:
        """Return the masked address; "" when no key decrypts it any more."""
        try:
            return email_addresses.mask(email_addresses.decrypt(author.email_encrypted))
        except InvalidToken:
            return ""


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


class ReviewableSerializer(QueueEntrySerializer):
    """A queue entry with its comment."""

    comment = ReviewedCommentSerializer()

    class Meta(QueueEntrySerializer.Meta):
        fields: tuple[str, ...] = (*QueueEntrySerializer.Meta.fields, "comment")
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

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            "id",
            "comment",
            "revision",
            "verdict",
            "source",
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


class FiledReportSerializer(serializers.ModelSerializer[Report]):
    """A reader's report."""

    class Meta:
        model = Report
        fields: tuple[str, ...] = ("id", "revision", "reason", "text", "created_at")


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
