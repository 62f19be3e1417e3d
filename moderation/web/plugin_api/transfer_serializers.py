"""What a site's server says about an import or export, and what it is told."""

from collections.abc import Mapping
from typing import Any

from rest_framework import exceptions, serializers

from comments.formats import addresses, export_formats, formats, table
from comments.formats.options import COMMENT_TYPES, TEXT_FORMATS, ImportOptions
from moderation.models import Transfer


class ImportOptionsSerializer(serializers.Serializer[Any]):
    """How to read the file."""

    format = serializers.ChoiceField(
        choices=[formats.AUTO, *formats.IMPORT_FORMATS], default=formats.AUTO
    )
    base_url = serializers.URLField(
        default="", help_text="Put before addresses that lack a host, as in files of Isso."
    )
    also = serializers.MultipleChoiceField(
        choices=COMMENT_TYPES,
        default=set,
        help_text="What WordPress keeps beside its readers' comments, and is to come in, too.",
    )
    address_map = serializers.ListField(
        child=serializers.CharField(max_length=400),
        default=list,
        max_length=10,
        help_text="Pairs `OLD,NEW` of addresses of pages; `*` at both ends of prefixes. The "
        "desk and the command line take longer maps.",
    )
    https = serializers.BooleanField(
        default=False, help_text="Take pages of http for those of https."
    )
    disqus_identifiers = serializers.BooleanField(
        default=False, help_text="Take Disqus's identifiers of pages for the site's own keys."
    )
    column = serializers.ListField(
        child=serializers.CharField(max_length=100),
        default=list,
        max_length=20,
        help_text="Pairs `FIELD=COLUMN`: where a table has a field of its comments.",
    )
    text_format = serializers.ChoiceField(
        choices=TEXT_FORMATS, default="text", help_text="What a table's texts are written in."
    )
    dry_run = serializers.BooleanField(
        default=False,
        help_text="Say what would come in as what, and why the rest would not; keep nothing.",
    )


class ExportOptionsSerializer(serializers.Serializer[Any]):
    """What to write."""

    format = serializers.ChoiceField(choices=list(export_formats.EXPORT_FORMATS), default="native")
    with_addresses = serializers.BooleanField(
        default=False, help_text="With email addresses in plain text."
    )


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """An import or export, and how far it is."""

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "format",
            "dry_run",
            "with_addresses",
            "state",
            "percent",
            "in_file",
            "created",
            "statuses",
            "skipped",
            "skipped_because",
            "threads",
            "threads_met",
            "meetings",
            "problem_count",
            "note_count",
            "problems",
            "error",
            "created_at",
            "finished_at",
        )
        read_only_fields: tuple[str, ...] = fields


def import_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return validated options as `jobs.start_import` takes them. Raises ValidationError."""
    try:
        chosen = ImportOptions(
            also=tuple(sorted(data["also"])),
            address_map=addresses.parse_map(data["address_map"]),
            https=data["https"],
            identifiers=data["disqus_identifiers"],
            columns=table.parse_columns(data["column"]),
            text_format=data["text_format"],
        )
    except addresses.InvalidAddressMap as error:
        raise exceptions.ValidationError({"address_map": [str(error)]}) from None
    except table.InvalidColumns as error:
        raise exceptions.ValidationError({"column": [str(error)]}) from None
    return {
        "name": data["format"],
        "base_url": data["base_url"],
        "dry_run": data["dry_run"],
        "options": chosen.to_json(),
    }
