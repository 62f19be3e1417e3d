"""The desk's form of a new import or export."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from comments.formats import addresses, export_formats, formats, table
from comments.formats.files import UnreadableFile
from comments.formats.options import COMMENT_TYPES, TEXT_FORMATS, ImportOptions
from moderation.intake.transfers import files, quotas
from moderation.intake.transfers.sentences import in_words
from moderation.models import Transfer, TransferKind

# The formats whose names aren't simply capitalised.
NAMES = {
    "native": _("Our own"),
    "wordpress": "WordPress",
    "fastcomments": "FastComments",
    "discussions": "GitHub Discussions",
    "csv": _("A table (CSV)"),
    "text": _("Plain text"),
    "html": "HTML",
}


COMMENT_TYPE_NAMES = {
    "pingback": _("Pingbacks"),
    "trackback": _("Trackbacks"),
    "webmention": _("Webmentions"),
    "review": _("Reviews"),
}


def format_name(name: str) -> str:
    """Return the name of a format of files or texts as people write it."""
    return str(NAMES.get(name, name.capitalize()))


class TransferForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new import or export."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("To bring in: the file, plain or compressed."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=lambda: [
            (formats.AUTO, _("Recognised from the file; our own for what goes out")),
            *((name, format_name(name)) for name in formats.IMPORT_FORMATS),
        ],
        initial=formats.AUTO,
        widget=UnfoldAdminSelectWidget,
        help_text=_("What goes out is our own, WordPress’s or Disqus’s."),
    )
    base_url = forms.CharField(
        label=_("Address before others"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "To bring in: is put before addresses that lack a host, as in files of Isso, "
            "Comentario, Waline and Artalk."
        ),
    )

    also = forms.MultipleChoiceField(
        required=False,
        choices=[(name, COMMENT_TYPE_NAMES[name]) for name in COMMENT_TYPES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label=_("Bring in, too"),
        help_text=_("What WordPress keeps beside the comments of its readers."),
    )
    address_map = forms.FileField(
        label=_("Address map"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "CSV with an old and a new address of a page in each line. With * at the end of "
            "both, all addresses that begin like the old one."
        ),
    )
    https = forms.BooleanField(
        required=False, label=_("Pages of http are now https"), widget=UnfoldBooleanSwitchWidget
    )
    identifiers = forms.BooleanField(
        required=False,
        label=_("Disqus’s identifiers are keys"),
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("In place of the addresses of pages."),
    )
    columns = forms.CharField(
        label=_("Columns"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=format_lazy(
            _(
                "Of a table, where its columns are not recognised: field=Column in each line. "
                "The fields are {fields}."
            ),
            fields=", ".join(table.COLUMNS),
        ),
    )
    text_format = forms.ChoiceField(
        label=_("Text format"),
        choices=lambda: [(name, format_name(name)) for name in TEXT_FORMATS],
        initial=TEXT_FORMATS[0],
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("What a table’s texts are written in."),
    )

    class Meta:
        model = Transfer
        fields = ("site", "kind", "format", "base_url", "dry_run", "with_addresses")
        help_texts: ClassVar = {
            "dry_run": _(
                "Say first what would come in as what, and why the rest would not. The file "
                "is kept for a day, so that you can bring it in from there."
            )
        }

    def clean_address_map(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of the address map."""
        file = self.cleaned_data["address_map"]
        if not file:
            return ()
        try:
            return addresses.parse_map(file.read().decode("utf-8-sig").splitlines())
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Save the address map as UTF-8.")) from None
        except addresses.InvalidAddressMap as error:
            raise forms.ValidationError(in_words(str(error))) from None

    def clean_columns(self) -> tuple[tuple[str, str], ...]:
        """Return pairs of a field and its column."""
        try:
            return table.parse_columns(self.cleaned_data["columns"].splitlines())
        except table.InvalidColumns as error:
            raise forms.ValidationError(in_words(str(error))) from None

    def options(self) -> ImportOptions:
        """Return how the file is to be read."""
        data = self.cleaned_data
        return ImportOptions(
            also=tuple(data["also"]),
            address_map=data["address_map"],
            https=data["https"],
            identifiers=data["identifiers"],
            columns=data["columns"],
            text_format=data["text_format"] or TEXT_FORMATS[0],
        )

    def clean(self) -> dict[str, Any]:
        """Return the data when a file comes with an import, and a format with an export."""
        data = super().clean() or {}
        if data.get("kind") == TransferKind.IMPORT:
            if not data.get("file"):
                self.add_error("file", gettext("Choose the file to bring in."))
        elif data.get("format") == formats.AUTO:
            data["format"] = "native"
        elif data.get("format") not in export_formats.EXPORT_FORMATS:
            names = ", ".join(map(format_name, export_formats.EXPORT_FORMATS))
            self.add_error("format", gettext("What goes out is %(formats)s.") % {"formats": names})
        if data.get("site") and not self.errors:
            self._require_room(data)
        if data.get("kind") == TransferKind.IMPORT:
            self._require_known(data)
        return data

    def _require_known(self, data: dict[str, Any]) -> None:
        """Refuse at once what is no export at all."""
        file = data.get("file")
        if file and data.get("format") == formats.AUTO:
            try:
                formats.require_known(file, file.size, has_columns=bool(data.get("columns")))
            except UnreadableFile as error:
                self.add_error("file", in_words(str(error)))

    def _require_room(self, data: dict[str, Any]) -> None:
        size = data["file"].size if data.get("file") else 0
        try:
            quotas.require(data["site"], now=timezone.now(), size=size)
        except files.TooLarge as error:
            self.add_error("file", in_words(str(error)))
        except quotas.QuotaUsed as error:
            self.add_error(None, str(error))
