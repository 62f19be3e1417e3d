"""Imports and exports of comments, for a site's own servers."""

from collections.abc import Iterator
from typing import IO, Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.generics import RetrieveAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from comments.formats import formats
from comments.formats.files import UnreadableFile
from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.models import IdempotencyKey, Scope
from moderation.intake.transfers import files, jobs, quotas
from moderation.models import Transfer, TransferKind
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.transfer_serializers import (
    ExportOptionsSerializer,
    ImportOptionsSerializer,
    TransferSerializer,
    import_options,
)

CHUNK = 256 * 1024


class FileParser(BaseParser):
    """A parser that leaves the body unread: a file is read in chunks."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the stream."""
        return stream


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

    def handle_exception(self, exc: Exception) -> Response:
        """Answer what a site may not start as 429 or 413, and a transfer that has ended as 409."""
        if isinstance(exc, quotas.QuotaUsed):
            exc = problems.too_many_requests(str(exc), retry_after=exc.retry_after)
        elif isinstance(exc, UnreadableFile):
            exc = problems.Problem(400, "unreadable-file", str(exc))
        elif isinstance(exc, files.TooLarge):
            exc = problems.Problem(413, "too-large", str(exc))
        elif isinstance(exc, jobs.FileNotReady):
            exc = exceptions.NotFound(str(exc))
        elif isinstance(exc, jobs.TransferEnded):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    def cancelled(self) -> Response:
        """Cancel the transfer that the path names."""
        transfer = jobs.cancel(self.get_object(), now=timezone.now(), by=self.key)
        return Response(TransferSerializer(transfer).data)


class ImportsView(TransferView):
    """Starting an import."""

    parser_classes = (FileParser,)
    kind = TransferKind.IMPORT

    @extend_schema(
        operation_id="start_import",
        parameters=[
            ImportOptionsSerializer,
            IDEMPOTENCY_KEY,
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: TransferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Import a file: its bytes are the body of the request."""
        options = import_options(self.validated_query(ImportOptionsSerializer))
        self._require_room()
        with files.stored_upload(_chunks(request.stream)) as file:
            if options["name"] == formats.AUTO:
                with files.stored_path(file.transfer_id).open("rb") as stored:
                    formats.require_known(
                        stored, file.size, has_columns="columns" in options["options"]
                    )
            content = [options, file.digest]
            return self.idempotent(lambda: self._start(file, options), content=content)

    def _require_room(self) -> None:
        """Refuse what the site may not bring before it is read, unless it was brought already."""
        size = int(self.request.META.get("CONTENT_LENGTH") or 0)
        key = self.request.headers.get("Idempotency-Key", "").strip().strip('"')
        scope = f"{self.caller} POST {self.request.path}"
        if size <= files.MAX_BYTES and IdempotencyKey.objects.filter(scope=scope, key=key).exists():
            return
        quotas.require(self.site, now=timezone.now(), size=size)

    def _start(self, file: files.UploadedFile, options: dict[str, Any]) -> Response:
        transfer = jobs.start_import(self.site, file, **options, by=self.key, now=timezone.now())
        return Response(TransferSerializer(transfer).data, status=202)


@extend_schema_view(get=extend_schema(operation_id="read_import"))
class ImportView(TransferView, RetrieveAPIView[Any]):
    """Return the progress of an import, and which rows could not be read."""

    kind = TransferKind.IMPORT
    not_found = "There is no such import."

    @extend_schema(operation_id="cancel_import", responses={200: TransferSerializer})
    def delete(self, request: Request, transfer_id: UUID) -> Response:
        """Cancel an import that waits or runs, and delete its file. What was imported stays."""
        return self.cancelled()


class CheckedImportView(TransferView):
    """Starting the import of a file that a dry run has read."""

    kind = TransferKind.IMPORT
    not_found = "There is no such import."

    @extend_schema(
        operation_id="start_checked_import",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: TransferSerializer},
    )
    def post(self, request: Request, transfer_id: UUID) -> Response:
        """Import the file of a dry run with its options, within a day after it."""
        return self.idempotent(lambda: self._start(self.get_object()))

    def _start(self, checked: Transfer) -> Response:
        transfer = jobs.start_checked(checked, by=self.key, now=timezone.now())
        return Response(TransferSerializer(transfer).data, status=202)


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
            by=self.key,
            now=timezone.now(),
        )
        return Response(TransferSerializer(transfer).data, status=202)


@extend_schema_view(get=extend_schema(operation_id="read_export"))
class ExportView(TransferView, RetrieveAPIView[Any]):
    """Return the progress of an export."""

    kind = TransferKind.EXPORT
    not_found = "There is no such export."

    @extend_schema(operation_id="cancel_export", responses={200: TransferSerializer})
    def delete(self, request: Request, transfer_id: UUID) -> Response:
        """Cancel an export that waits or runs."""
        return self.cancelled()


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
        file = jobs.download(self.get_object(), by=self.key, now=timezone.now())
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)


def _chunks(stream: IO[bytes] | None) -> Iterator[bytes]:
    if stream is None:
        raise exceptions.ParseError("Send the file as the body of the request.")
    while chunk := stream.read(CHUNK):
        yield chunk
