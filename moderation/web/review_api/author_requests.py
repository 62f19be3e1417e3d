"""What callers of the review API send about authors."""

from typing import Any

from rest_framework import serializers

from comments.models import Trust


class TrustSerializer(serializers.Serializer[Any]):
    """How far to trust an author."""

    trust = serializers.ChoiceField(choices=Trust.choices)


class AuthorSearchSerializer(serializers.Serializer[Any]):
    """Which authors."""

    site = serializers.SlugField(required=False)
    trust = serializers.ChoiceField(choices=Trust.choices, required=False)
    email = serializers.EmailField(required=False, help_text="The whole address.")
