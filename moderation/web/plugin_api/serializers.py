"""Serializers of comments, checks, feedback and threads in the plugin API."""

from typing import Any

from rest_framework import serializers

from comments.accounts.single_sign_on import SignedOnReader
from comments.http.fields import BoundedListField
from comments.models import Thread
from comments.models.thread import LONGEST_NAME, LONGEST_TITLE
from moderation.intake.submission import Submission
from moderation.rules.verdicts import Category, Reason, Verdict
from moderation.screening.preview import Draft
from moderation.web.shared.comment_serializers import CommentSerializer
from moderation.web.shared.page_serializers import ADDRESS_VALIDATORS, ThreadReferenceSerializer
from moderation.web.shared.submission_serializers import SubmissionSerializer, check_text

MOST_CHECKS = 1000
LONGEST_TEXT = 50_000
# In all texts of one request: a thousand comments, or a hundred articles.
MOST_CHARACTERS = 500_000


class VouchedSubmissionSerializer(SubmissionSerializer):
    """A comment that a site's server sends for a reader, whose name and address it vouches for."""

    form_token = reader_token = altcha = None  # type: ignore[assignment]
    sign_on = serializers.CharField(
        required=False, allow_blank=True, help_text="The site's JWT that names the reader."
    )
    author_ip = serializers.IPAddressField(
        required=False, allow_blank=True, default="", help_text="The reader's; kept as a digest."
    )
    user_agent = serializers.CharField(required=False, allow_blank=True, max_length=1000)

    def vouched(self, *, by: str, reader: SignedOnReader | None) -> Submission:
        """Return the validated submission; `by` is the id of the key that vouches for it."""
        data = self.validated_data
        return self.to_submission(
            intake={"vouched_by": by},
            address=data["author_ip"],
            agent=data.get("user_agent", ""),
            reader=reader,
        )


class SiteCommentSerializer(CommentSerializer):
    """A comment in any status, for the site's own servers; never with an email address."""

    thread_url = serializers.CharField(source="thread.url", help_text='"" for none.')
    author_id = serializers.UUIDField(
        allow_null=True, help_text="The same for comments of the same address."
    )

    class Meta(CommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *CommentSerializer.Meta.fields,
            "thread_url",
            "author_id",
            "body",
            "revision",
        )
        read_only_fields: tuple[str, ...] = fields


class CommentChangesSerializer(serializers.Serializer[Any]):
    """A change by a site's server: a new text, or a decision."""

    body = serializers.CharField(required=False, max_length=LONGEST_TEXT, validators=[check_text])
    verdict = serializers.ChoiceField(
        choices=[(v.value, v.title()) for v in Verdict],
        required=False,
        help_text="The site's own decision; it does not outweigh a moderator's.",
    )
    reasoning = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, default="", help_text="For the author."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require exactly one change: a verdict is about the text that is there."""
        if ("body" in attrs) == ("verdict" in attrs):
            raise serializers.ValidationError("Give either a body or a verdict.", "required")
        return attrs


class CheckSerializer(serializers.Serializer[Any]):
    """A text to screen, with what is known of its author."""

    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)
    author_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    author_email = serializers.CharField(required=False, allow_blank=True, max_length=254)
    author_url = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    author_ip = serializers.IPAddressField(required=False, allow_blank=True)

    def create(self, validated_data: dict[str, Any]) -> Draft:
        """Return the validated data as a draft to screen; nothing is stored."""
        data = dict(validated_data)
        return Draft(author_address=data.pop("author_ip", ""), **data)


class ChecksSerializer(serializers.Serializer[Any]):
    """The texts to screen, 1 to 1,000, with 500,000 characters together."""

    items = BoundedListField(child=CheckSerializer(), allow_empty=False, max_length=MOST_CHECKS)

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Raise ValidationError for more text than one request may have screened."""
        if (characters := sum(len(item["text"]) for item in items)) > MOST_CHARACTERS:
            raise serializers.ValidationError(
                f"The texts have {characters} characters, and may have {MOST_CHARACTERS}: "
                "send them in several requests."
            )
        return items


class CheckFindingSerializer(serializers.Serializer[Any]):
    """A finding of a check, other than a score."""

    check = serializers.CharField(source="check_name")
    reason = serializers.CharField()
    evidence = serializers.DictField()


class CheckResultSerializer(serializers.Serializer[Any]):
    """The verdict of the house rules on a text, and why."""

    verdict = serializers.CharField(source="judgement.verdict")
    scores = serializers.DictField(child=serializers.FloatField(min_value=0, max_value=1))
    grounds = serializers.SerializerMethodField(help_text="The lines of the rules that decided.")
    findings = serializers.SerializerMethodField()
    classifier_version = serializers.CharField(help_text='"" while there is no classifier.')

    def get_grounds(self, preview: Any) -> list[str]:
        """Return the lines of the rules, most severe first."""
        return [ground.line for ground in preview.judgement.grounds]

    def get_findings(self, preview: Any) -> list[dict[str, Any]]:
        """Return the findings without the scores."""
        decisive = (f for f in preview.findings if f.reason != Reason.SHADOW_SCORE)
        findings = [finding for finding in decisive if finding.score is None]
        return list(CheckFindingSerializer(findings, many=True).data)


class CheckResultsSerializer(serializers.Serializer[Any]):
    """A result for each text, in the order of the request."""

    results = CheckResultSerializer(many=True)


class FeedbackItemSerializer(serializers.Serializer[Any]):
    """The true labels of a text, or of a comment of the site."""

    comment_id = serializers.UUIDField(required=False)
    text = serializers.CharField(required=False, max_length=LONGEST_TEXT)
    author_name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    author_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    labels = serializers.DictField(
        child=serializers.BooleanField(),
        allow_empty=False,
        help_text='Such as `{"SPAM": true, "TOXICITY": false}`.',
    )

    def validate_labels(self, labels: dict[str, bool]) -> dict[str, bool]:
        """Raise ValidationError for unknown categories."""
        if unknown := sorted(set(labels) - set(Category)):
            raise serializers.ValidationError(
                f"There is no category {unknown[0]}; there are {', '.join(Category)}."
            )
        return labels

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require either a text or a comment."""
        if ("text" in attrs) == ("comment_id" in attrs):
            raise serializers.ValidationError("Give either a text or a comment_id.", "required")
        return attrs


class FeedbackSerializer(serializers.Serializer[Any]):
    """Labelled texts, 1 to 1,000."""

    items = BoundedListField(
        child=FeedbackItemSerializer(), allow_empty=False, max_length=MOST_CHECKS
    )


class LabelCountSerializer(serializers.Serializer[Any]):
    """How many labels were stored."""

    labels = serializers.IntegerField()


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    """A thread; `closed_at` is null while it accepts comments."""

    url = serializers.CharField(help_text='"" for none.')

    class Meta:
        model = Thread
        fields: tuple[str, ...] = ("id", "key", "url", "title", "created_at", "closed_at")
        read_only_fields: tuple[str, ...] = fields


class ThreadChangesSerializer(serializers.Serializer[Any]):
    """Changes to a thread."""

    closed = serializers.BooleanField(required=False)
    title = serializers.CharField(required=False, allow_blank=True, max_length=300)
    url = serializers.CharField(
        required=False,
        max_length=LONGEST_NAME,
        validators=ADDRESS_VALIDATORS,
        help_text="The page's new address; a thread that is known by its address moves with it.",
    )


class MergeSerializer(serializers.Serializer[Any]):
    """The thread that comments are moved to."""

    into = serializers.UUIDField(help_text="The thread that stays.")


class NewThreadSerializer(ThreadReferenceSerializer):
    """A page to create a thread for, before its first comment; the site's server names it."""

    url = serializers.CharField(  # type: ignore[assignment]
        max_length=LONGEST_NAME,
        required=False,
        validators=ADDRESS_VALIDATORS,
        help_text="The page's address.",
    )
    title = serializers.CharField(  # type: ignore[assignment]
        max_length=LONGEST_TITLE, required=False, allow_blank=True
    )
