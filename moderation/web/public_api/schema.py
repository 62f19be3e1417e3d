"""Serializers that describe thread pages; `trees` builds these without them."""

from typing import Any

from rest_framework import serializers

from moderation.web.shared.comment_serializers import CommentSerializer


class CommentTreeSerializer(CommentSerializer):
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


class CommentPageSerializer(serializers.Serializer[Any]):
    """A page of top-level comments."""

    count = serializers.IntegerField(help_text="Public comments of the whole thread.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CommentTreeSerializer(many=True)


class RepliesPageSerializer(serializers.Serializer[Any]):
    """A page of the replies of a branch, flat."""

    next = serializers.URLField(allow_null=True)
    left = serializers.IntegerField(help_text="How many come after these.")
    results = CommentSerializer(many=True)
