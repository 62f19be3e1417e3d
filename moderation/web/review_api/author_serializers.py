"""The shapes of authors, notes and bans."""

from typing import Any

from rest_framework import serializers

from comments.models import Author
from moderation.models import Ban, Note
from moderation.models.ban import BanTarget
from moderation.models.finding import REASONS
from moderation.web.review_api.serializers import AuthorSerializer


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A remark about an author, for colleagues."""

    written_by = serializers.CharField(source="written_by.email", default=None, allow_null=True)

    class Meta:
        model = Note
        fields: tuple[str, ...] = ("id", "text", "written_by", "written_at")
        read_only_fields: tuple[str, ...] = fields


class BanSerializer(serializers.ModelSerializer[Ban]):
    """A ban; `domain` is there for bans of domains, the others are kept as digests only."""

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


class BanAnswer(BanSerializer):
    """A ban, and the job that rejects what stands, if it is retroactive."""

    job = serializers.UUIDField(allow_null=True)

    class Meta(BanSerializer.Meta):
        fields: tuple[str, ...] = (*BanSerializer.Meta.fields, "job")
        read_only_fields: tuple[str, ...] = fields


class BanPage(serializers.Serializer[Any]):
    """A page of bans."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BanSerializer(many=True)


class ListedAuthorSerializer(AuthorSerializer):
    """An author as a list shows one."""

    site = serializers.CharField(source="site.slug")

    class Meta(AuthorSerializer.Meta):
        model = Author
        fields: tuple[str, ...] = (*AuthorSerializer.Meta.fields, "site", "trust", "verified_at")
        read_only_fields: tuple[str, ...] = fields


class AuthorPage(serializers.Serializer[Any]):
    """A page of authors."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ListedAuthorSerializer(many=True)


class StandingSerializer(serializers.Serializer[Any]):
    """How the house rules take an author now, and what of the record is behind it."""

    reason = serializers.ChoiceField(choices=REASONS)
    approved = serializers.IntegerField()
    refused = serializers.IntegerField()
    trust_after = serializers.IntegerField(help_text="So many approved comments make trust.")
    is_confirmed = serializers.BooleanField(help_text="The address was shown to be theirs.")


class NeighbourSerializer(serializers.Serializer[Any]):
    """Somebody else who writes from the same network."""

    author = serializers.UUIDField()
    name = serializers.CharField()
    comments = serializers.IntegerField()


class AuthorDetailSerializer(ListedAuthorSerializer):
    """An author with the record, the standing, the bans in force and the notes."""

    record = serializers.DictField(
        child=serializers.IntegerField(), help_text="Comments by status."
    )
    standing = StandingSerializer()
    neighbours = NeighbourSerializer(many=True)
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
