"""Limit what is uploaded in forms, before it is read: forms are parsed ahead of any view."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import reverse

from moderation.intake.transfers import files

# What a form has around its file, in bytes.
FORM_BYTES = 1024 * 1024


class LimitedUpload(FileUploadHandler):
    """An upload handler that refuses large requests, and leaves the files to the next handlers.

    Files belong into one form, that of imports, and to people who are signed in.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Raise RequestDataTooBig for a request that is larger than it may be."""
        if content_length > self._limit():
            raise RequestDataTooBig("The request is larger than this form may be.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the data on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""

    def _limit(self) -> int:
        request = self.request
        is_import = request is not None and request.path == reverse("admin:moderation_transfer_add")
        if is_import and request is not None and request.user.is_authenticated:
            return files.MAX_BYTES + FORM_BYTES
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
