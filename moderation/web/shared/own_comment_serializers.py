"""A comment as its author sees it: with its text, its state, and what changes it."""

from rest_framework import serializers

from moderation.web.shared.comment_serializers import CommentSerializer


class OwnCommentSerializer(CommentSerializer):
    """A comment as its author sees it."""

    edit_token = serializers.CharField(
        help_text="Keep it: it shows, edits and deletes the comment."
    )
    status_url = serializers.URLField(
        help_text="For the author alone: how it stands and why, to change it and to appeal."
    )

    state = serializers.ChoiceField(
        choices=["waiting", "confirm", "held", "published", "not_published", "deleted"],
        source="progress.state",
        help_text="Where it stands, in words for its author. Spam is told at `status_url` alone.",
    )
    settled = serializers.BooleanField(
        source="progress.settled", help_text="Nothing more comes of it by itself."
    )
    reason = serializers.CharField(
        source="progress.reason", help_text='Why it is not published; "" otherwise.'
    )
    can_appeal = serializers.BooleanField(
        source="progress.can_appeal", help_text="At `status_url`, and by `appeal`."
    )
    editable_until = serializers.DateTimeField(
        source="progress.editable_until", allow_null=True, help_text="null when it is too late."
    )

    class Meta(CommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *CommentSerializer.Meta.fields,
            "body",
            "revision",
            "edit_token",
            "status_url",
            "state",
            "settled",
            "reason",
            "can_appeal",
            "editable_until",
        )
        read_only_fields: tuple[str, ...] = fields
