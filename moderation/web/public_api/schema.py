"""Shapes that exist for the published API description only."""

from typing import Any

from rest_framework import serializers

from moderation.web.shared.comment_serializers import CommentSerializer


class TreeSerializer(CommentSerializer):
    """A comment at the top of a page, with its first replies."""

    replies = serializers.ListField(
        child=serializers.DictField(),
        help_text="Comments of this shape, with `replies` of their own.",
    )
    replies_left = serializers.IntegerField(help_text="How many replies are not shown.")
    replies_next = serializers.URLField(allow_null=True, help_text="Where they are.")

    class Meta(CommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *CommentSerializer.Meta.fields,
            "replies",
            "replies_left",
            "replies_next",
        )
        read_only_fields: tuple[str, ...] = fields


class CommentPage(serializers.Serializer[Any]):
    """A page of top-level comments."""

    count = serializers.IntegerField(help_text="Public comments of the whole thread.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TreeSerializer(many=True)


class RepliesPage(serializers.Serializer[Any]):
    """Replies of a branch, one by one."""

    next = serializers.URLField(allow_null=True)
    left = serializers.IntegerField(help_text="How many come after these.")
    results = CommentSerializer(many=True)
