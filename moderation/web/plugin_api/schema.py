"""Shapes that exist for the published API description only."""

from typing import Any

from rest_framework import serializers

from moderation.web.plugin_api.serializers import SiteCommentSerializer, ThreadSerializer


class SiteCommentPage(serializers.Serializer[Any]):
    """A page of the site's comments."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SiteCommentSerializer(many=True)


class ThreadPage(serializers.Serializer[Any]):
    """A page of the site's threads."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ThreadSerializer(many=True)
