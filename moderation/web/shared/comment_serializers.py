"""Serializers of comments that public APIs return."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.models import Comment
from comments.text import avatars


class VotesSerializer(serializers.Serializer[Any]):
    """The numbers of votes for and against a comment."""

    up = serializers.IntegerField()
    down = serializers.IntegerField()


class BadgeSerializer(serializers.Serializer[Any]):
    """What the site says of who wrote a comment."""

    kind = serializers.ChoiceField(choices=["staff", "author", "custom"])
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The site's own words, or Staff or Author: pages say these in their language."
    )


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as anyone may see it."""

    thread = serializers.CharField(source="thread.key")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    author_url = serializers.CharField(help_text='"" for none.')
    avatar = serializers.SerializerMethodField(
        help_text="The seed of the picture at /avatars/{seed}.svg; it tells nothing of the author."
    )
    author_avatar = serializers.SerializerMethodField(
        help_text="The picture that the site's sign-on named, served from here; null for none."
    )
    author_badge = serializers.SerializerMethodField(help_text="null for none.")
    pinned = serializers.BooleanField(
        source="is_pinned", help_text="It stands above the others in the order `newest`."
    )
    votes = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields: tuple[str, ...] = (
            "id",
            "thread",
            "parent",
            "depth",
            "status",
            "author_name",
            "author_url",
            "author_badge",
            "author_avatar",
            "body_html",
            "avatar",
            "pinned",
            "featured",
            "votes",
            "created_at",
            "edited_at",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_avatar(self, comment: Comment) -> str:
        """Return the seed of the picture."""
        return avatars.seed(comment)

    def get_author_avatar(self, comment: Comment) -> str | None:
        """Return the address of the writer's own picture, in place of the drawn one."""
        picture = comment.picture_id
        return f"{settings.PUBLIC_URL}/avatars/{picture}" if picture else None

    @extend_schema_field(BadgeSerializer(allow_null=True))
    def get_author_badge(self, comment: Comment) -> dict[str, str] | None:
        """Return what the site says of the writer; the words of a kind are the same for all."""
        kind, label = comment.badge
        return {"kind": str(kind), "label": label or kind.title()} if kind else None

    @extend_schema_field(VotesSerializer)
    def get_votes(self, comment: Comment) -> dict[str, int]:
        """Return how many readers voted for and against."""
        return {"up": comment.up_votes, "down": comment.down_votes}
