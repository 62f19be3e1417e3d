"""The shapes of authors, notes and bans."""

from typing import Any

from rest_framework import serializers

from comments.models import Author
from moderation.api.serializers import AuthorSerializer
from moderation.models import Ban, Note
from moderation.models.ban import Target


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
        return ban.value if ban.target == Target.DOMAIN else ""


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


class AuthorDetailSerializer(AuthorSerializer):
    """An author with the record, the bans in force and the notes."""

    site = serializers.CharField(source="site.slug")
    record = serializers.DictField(
        child=serializers.IntegerField(), help_text="Comments by status."
    )
    bans = BanSerializer(many=True)
    notes = NoteSerializer(many=True)

    class Meta(AuthorSerializer.Meta):
        model = Author
        fields: tuple[str, ...] = (*AuthorSerializer.Meta.fields, "site", "record", "bans", "notes")
