"""The serializers of one comment with everything that is known about it."""

from typing import Any

from rest_framework import serializers

from moderation.web.review_api.serializers import (
    ExplainedDecisionSerializer,
    FiledAppealSerializer,
    FiledReportSerializer,
    QueueEntrySerializer,
    ReviewedCommentSerializer,
)


class WeightedSpanSerializer(serializers.Serializer[Any]):
    """A part of the text and its weight in a score."""

    start = serializers.IntegerField(help_text="In characters of `body`.")
    end = serializers.IntegerField(help_text="The first character after it.")
    weight = serializers.FloatField(help_text="In log odds; above 0 raises the score.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """An explanation of the current classifier's score.

    By the method `exact` all weights add up to the log odds. By `occlusion`, where the second
    reader had a say, each weight is what the log odds lose without that part of the text; what the
    second reader changed is the feature `second reader`.
    """

    category = serializers.CharField()
    spans = WeightedSpanSerializer(many=True)
    features = serializers.DictField(
        child=serializers.FloatField(), help_text="Weights of what is not in the words."
    )
    bias = serializers.FloatField(help_text="What an empty text would have.")
    method = serializers.ChoiceField(choices=["exact", "occlusion"])


class CommentOriginSerializer(serializers.Serializer[Any]):
    """How many other comments came from the same address and network, up to 1,000 of each."""

    same_address = serializers.IntegerField()
    same_network = serializers.IntegerField()


class SurroundingCommentsSerializer(serializers.Serializer[Any]):
    """The nearest public comments in the thread, and the first replies."""

    earlier = ReviewedCommentSerializer(many=True)
    later = ReviewedCommentSerializer(many=True)
    replies = ReviewedCommentSerializer(many=True)


class CommentDetailSerializer(ReviewedCommentSerializer):
    """A comment with its findings, reports, appeals and decisions."""

    waiting = QueueEntrySerializer(allow_null=True, help_text="None when it waits for nobody.")
    came_from = CommentOriginSerializer()
    around = SurroundingCommentsSerializer()
    author_record = serializers.DictField(child=serializers.IntegerField())
    decisions = ExplainedDecisionSerializer(
        source="shown_decisions",
        many=True,
        help_text="Without the rules' while the comment waits for the blind audit.",
    )
    reports = FiledReportSerializer(source="shown_reports", many=True)
    appeals = FiledAppealSerializer(many=True)
    text_read = serializers.CharField(
        help_text="The text as the classifier reads it, without markup; the spans are in it."
    )
    explanations = ExplanationSerializer(many=True)
    parent_comment = ReviewedCommentSerializer(source="parent", allow_null=True)

    class Meta(ReviewedCommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *ReviewedCommentSerializer.Meta.fields,
            "waiting",
            "came_from",
            "around",
            "author_record",
            "decisions",
            "reports",
            "appeals",
            "text_read",
            "explanations",
            "parent_comment",
        )
        read_only_fields: tuple[str, ...] = fields
