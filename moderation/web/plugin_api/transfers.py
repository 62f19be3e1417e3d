"""Imports and exports of comments, for a site's own servers."""

from collections.abc import Iterator
from typing import IO, Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from comments.formats import formats
from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.models import Scope
from moderation.intake.transfers import jobs
from moderation.models import Transfer, TransferKind
from moderation.web.plugin_api.base import KeyView

CHUNK = 256 * 1024


class FileParser(BaseParser):
    """A parser that leaves the body unread: a file is read in chunks."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the stream."""
        return stream


class ImportOptionsSerializer(serializers.Serializer[Any]):
    """How to read the file."""

    format = serializers.ChoiceField(
        choices=[formats.AUTO, *formats.IMPORT_FORMATS], default=formats.AUTO
    )
    base_url = serializers.URLField(
        default="", help_text="Put before addresses that lack a host (Isso)."
    )
    dry_run = serializers.BooleanField(default=False, help_text="Read it all, keep nothing.")


class ExportOptionsSerializer(serializers.Serializer[Any]):
    """What to write."""

    format = serializers.ChoiceField(choices=list(formats.EXPORT_FORMATS), default="native")
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
            "created",
            "skipped",
            "threads",
            "problem_count",
            "problems",
            "error",
            "created_at",
            "finished_at",
        )
        read_only_fields: tuple[str, ...] = fields


class TransferView(KeyView):
    """The base of the endpoints: transfers of one kind."""

    scope = Scope.TRANSFER
    queryset = Transfer.objects.all()
    lookup_url_kwarg = "transfer_id"
    serializer_class = TransferSerializer
    kind: ClassVar[TransferKind]

    def get_queryset(self) -> QuerySet[Transfer]:
        """Return the site's transfers of this kind."""
        return super().get_queryset().filter(kind=self.kind)


class ImportsView(TransferView):
    """Starting an import."""

    parser_classes = (FileParser,)
    kind = TransferKind.IMPORT

    @extend_schema(
        operation_id="start_import",
        parameters=[
            OpenApiParameter("format", str, enum=[formats.AUTO, *formats.IMPORT_FORMATS]),
            OpenApiParameter("base_url", str),
            OpenApiParameter("dry_run", bool),
            IDEMPOTENCY_KEY,
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: TransferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Import a file: its bytes are the body of the request."""
        options = self.validated_query(ImportOptionsSerializer)
        try:
            with jobs.stored_upload(_chunks(request.stream)) as file:
                content = [options, file.digest]
                return self.idempotent(lambda: self._start(file, options), content=content)
        except jobs.TooLarge as error:
            raise problems.Problem(413, "too-large", str(error)) from None

    def _start(self, file: jobs.UploadedFile, options: dict[str, Any]) -> Response:
        transfer = jobs.start_import(
            self.site,
            file,
            name=options["format"],
            base_url=options["base_url"],
            dry_run=options["dry_run"],
            now=timezone.now(),
        )
        return Response(TransferSerializer(transfer).data, status=202)


@extend_schema_view(get=extend_schema(operation_id="read_import"))
class ImportView(TransferView, RetrieveAPIView[Any]):
    """Return the progress of an import, and which rows could not be read."""

    kind = TransferKind.IMPORT
    not_found = "There is no such import."


class ExportsView(TransferView):
    """Starting an export."""

    kind = TransferKind.EXPORT

    @extend_schema(
        operation_id="start_export",
        request=ExportOptionsSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: TransferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Write all comments of the site to a file."""
        options = self.validated_body(ExportOptionsSerializer)
        return self.idempotent(lambda: self._start(options))

    def _start(self, options: dict[str, Any]) -> Response:
        transfer = jobs.start_export(
            self.site,
            name=options["format"],
            with_addresses=options["with_addresses"],
            now=timezone.now(),
        )
        return Response(TransferSerializer(transfer).data, status=202)


@extend_schema_view(get=extend_schema(operation_id="read_export"))
class ExportView(TransferView, RetrieveAPIView[Any]):
    """Return the progress of an export."""

    kind = TransferKind.EXPORT
    not_found = "There is no such export."


class ExportFileView(TransferView):
    """The file of an export."""

    kind = TransferKind.EXPORT
    not_found = "There is no such export."

    @extend_schema(
        operation_id="download_export",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, transfer_id: UUID) -> HttpResponseBase:
        """Download the file, for two days after it was written."""
        try:
            file = jobs.download(self.get_object())
        except jobs.FileNotReady as error:
            raise exceptions.NotFound(str(error)) from None
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)


def _chunks(stream: IO[bytes] | None) -> Iterator[bytes]:
    if stream is None:
        raise exceptions.ParseError("Send the file as the body of the request.")
    while chunk := stream.read(CHUNK):
        yield chunk
