"""Imports and exports, for a site's own servers."""

from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from comments.formats import formats
from comments.http import problems
from comments.models import Scope
from moderation.intake.transfers import jobs
from moderation.models import Transfer, TransferKind
from moderation.web.plugin_api.base import KeyView
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS

PIECE = 256 * 1024


class FileParser(BaseParser):
    """Leaves the body where it is: a file is read piece by piece."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the stream."""
        return stream


class ImportOptionsSerializer(serializers.Serializer[Any]):
    """How to read the file."""

    format = serializers.ChoiceField(choices=[formats.AUTO, *formats.READERS], default=formats.AUTO)
    base_url = serializers.URLField(
        default="", help_text="Put before addresses that lack a host (Isso)."
    )
    dry_run = serializers.BooleanField(default=False, help_text="Read it all, keep nothing.")


class ExportOptionsSerializer(serializers.Serializer[Any]):
    """What to write."""

    format = serializers.ChoiceField(choices=list(formats.WRITERS), default="native")
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
    """What the endpoints share."""

    scope = Scope.TRANSFER

    def transfer(self, transfer_id: UUID, kind: TransferKind) -> Transfer:
        """Return one of the site's transfers, or 404."""
        found = Transfer.objects.filter(site=self.site, pk=transfer_id, kind=kind).first()
        if found is None:
            raise exceptions.NotFound(f"There is no such {kind}.")
        return found


class ImportsView(TransferView):
    """Comments that come in."""

    parser_classes = (FileParser,)

    @extend_schema(
        operation_id="start_import",
        parameters=[
            OpenApiParameter("format", str, enum=[formats.AUTO, *formats.READERS]),
            OpenApiParameter("base_url", str),
            OpenApiParameter("dry_run", bool),
            IDEMPOTENCY_KEY,
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: TransferSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Import a file: its bytes are the body of the request."""
        options = ImportOptionsSerializer(data=request.query_params)
        options.is_valid(raise_exception=True)
        wanted = options.validated_data
        try:
            with jobs.stored_upload(_pieces(request.stream)) as file:
                content = [wanted, file.digest]
                return self.idempotent(request, lambda: self._start(file, wanted), content=content)
        except jobs.TooLarge as error:
            raise problems.Problem(413, "too-large", str(error)) from None

    def _start(self, file: jobs.UploadedFile, wanted: dict[str, Any]) -> Response:
        transfer = jobs.start_import(
            self.site,
            file,
            name=wanted["format"],
            base_url=wanted["base_url"],
            dry_run=wanted["dry_run"],
            now=timezone.now(),
        )
        return Response(TransferSerializer(transfer).data, status=202)


class ImportView(TransferView):
    """One import."""

    @extend_schema(operation_id="read_import", responses={200: TransferSerializer, **PROBLEMS})
    def get(self, request: Request, transfer_id: UUID) -> Response:
        """Tell how far an import is, and which rows could not be read."""
        found = self.transfer(transfer_id, TransferKind.IMPORT)
        return Response(TransferSerializer(found).data)


class ExportsView(TransferView):
    """Comments that go out."""

    @extend_schema(
        operation_id="start_export",
        request=ExportOptionsSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: TransferSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Write all comments of the site to a file."""
        options = ExportOptionsSerializer(data=request.data)
        options.is_valid(raise_exception=True)
        wanted = options.validated_data
        return self.idempotent(request, lambda: self._start(wanted))

    def _start(self, wanted: dict[str, Any]) -> Response:
        transfer = jobs.start_export(
            self.site,
            name=wanted["format"],
            with_addresses=wanted["with_addresses"],
            now=timezone.now(),
        )
        return Response(TransferSerializer(transfer).data, status=202)


class ExportView(TransferView):
    """One export."""

    @extend_schema(operation_id="read_export", responses={200: TransferSerializer, **PROBLEMS})
    def get(self, request: Request, transfer_id: UUID) -> Response:
        """Tell how far an export is."""
        found = self.transfer(transfer_id, TransferKind.EXPORT)
        return Response(TransferSerializer(found).data)


class ExportFileView(TransferView):
    """The file of an export."""

    @extend_schema(
        operation_id="download_export",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def get(self, request: Request, transfer_id: UUID) -> HttpResponseBase:
        """Send the file, for two days after it was written."""
        found = self.transfer(transfer_id, TransferKind.EXPORT)
        try:
            file = jobs.download(found)
        except jobs.FileNotReady as error:
            raise exceptions.NotFound(str(error)) from None
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)


def _pieces(stream: IO[bytes] | None) -> Iterator[bytes]:
    if stream is None:
        raise exceptions.ParseError("Send the file as the body of the request.")
    while piece := stream.read(PIECE):
        yield piece
