"""Serializers of authors, notes and bans."""

from typing import Any

from rest_framework import serializers

from comments.models import Author
from moderation.models import Ban, Note
from moderation.models.ban import BanTarget
from moderation.models.finding import REASONS
from moderation.web.review_api.serializers import AuthorSerializer


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A note about an author, for colleagues."""

    written_by = serializers.CharField(source="written_by.email", default=None, allow_null=True)

    class Meta:
        model = Note
        fields: tuple[str, ...] = ("id", "text", "written_by", "written_at")
        read_only_fields: tuple[str, ...] = fields


class BanSerializer(serializers.ModelSerializer[Ban]):
    """A ban; `domain` is set for bans of domains, all others are stored as digests only."""

    site = serializers.CharField(source="site.slug")
    created_by = serializers.CharField(source="created_by.email", default=None, allow_null=True)
    domain = serializers.SerializerMethodField()

    class Meta:
        model = Ban
        fields: tuple[str, ...] = (
            "id",
            "site",
            "target",
            "domain",
            "reason",
            "until",
            "created_at",
            "created_by",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_domain(self, ban: Ban) -> str:
        """Return the domain, or ""."""
        return ban.value if ban.target == BanTarget.DOMAIN else ""


class NewBanResultSerializer(BanSerializer):
    """A ban, and the job that rejects published comments, if the ban is retroactive."""

    job = serializers.UUIDField(allow_null=True)

    class Meta(BanSerializer.Meta):
        fields: tuple[str, ...] = (*BanSerializer.Meta.fields, "job")
        read_only_fields: tuple[str, ...] = fields


class ListedAuthorSerializer(AuthorSerializer):
    """An author in a list."""

    site = serializers.CharField(source="site.slug")

    class Meta(AuthorSerializer.Meta):
        model = Author
        fields: tuple[str, ...] = (*AuthorSerializer.Meta.fields, "site", "trust", "verified_at")
        read_only_fields: tuple[str, ...] = fields


class TrustStatusSerializer(serializers.Serializer[Any]):
    """The effective trust in an author, and the numbers that it comes from."""

    reason = serializers.ChoiceField(choices=REASONS)
    approved = serializers.IntegerField()
    refused = serializers.IntegerField()
    trust_after = serializers.IntegerField(help_text="So many approved comments make trust.")
    is_confirmed = serializers.BooleanField(help_text="The address was shown to be theirs.")


class NetworkNeighbourSerializer(serializers.Serializer[Any]):
    """Another author who writes from the same network."""

    author = serializers.UUIDField()
    name = serializers.CharField()
    comments = serializers.IntegerField()


class AuthorDetailSerializer(ListedAuthorSerializer):
    """An author with the record, the effective trust, the active bans and the notes."""

    record = serializers.DictField(
        child=serializers.IntegerField(), help_text="Comments by status."
    )
    standing = TrustStatusSerializer()
    neighbours = NetworkNeighbourSerializer(many=True)
    bans = BanSerializer(many=True)
    notes = NoteSerializer(many=True)

    class Meta(ListedAuthorSerializer.Meta):
        fields: tuple[str, ...] = (
            *ListedAuthorSerializer.Meta.fields,
            "record",
            "standing",
            "neighbours",
            "bans",
            "notes",
        )
        read_only_fields: tuple[str, ...] = fields
