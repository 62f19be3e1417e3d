"""Shapes that exist for the published API description only."""

from typing import Any

from rest_framework import serializers

from comments.http.shapes import CommentSerializer


class TreeSerializer(CommentSerializer):
    """A comment with its replies."""

    replies = serializers.ListField(
        child=serializers.DictField(), help_text="Comments of this same shape."
    )

    class Meta(CommentSerializer.Meta):
        fields: tuple[str, ...] = (*CommentSerializer.Meta.fields, "replies")
        read_only_fields: tuple[str, ...] = fields


class CommentPage(serializers.Serializer[Any]):
    """A page of top-level comments."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TreeSerializer(many=True)
