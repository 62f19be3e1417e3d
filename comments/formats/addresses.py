"""Say which page here an address of a file stands for: a map from old to new addresses."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from unicodedata import normalize
from urllib.parse import unquote

from comments.formats import rows, text
from comments.formats.items import MAX_KEY, ImportedComment, ImportedThread, Item
from comments.formats.options import ImportOptions

# The most entries of a map: it is kept in memory, and with the import.
MAX_ENTRIES = 100_000
# The most of them that end in `*`, each of which is compared with each address.
MAX_PREFIXES = 1000
DELIMITERS = ",;\t"
# At the end of both addresses: all that begins like this.
PREFIX = "*"


class InvalidAddressMap(ValueError):
    """The map can't be read; the message says in which line."""


def parse_map(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a map: CSV of an old and a new address. Raises InvalidAddressMap.

    Where both end in `*`, all addresses that begin like the old one are meant.
    """
    entries: list[tuple[str, str]] = []
    written = list(lines)
    first = next(filter(str.strip, written), "")
    # Spreadsheets write semicolons where the comma stands in numbers.
    reader = csv.reader(written, delimiter=next((d for d in DELIMITERS if d in first), ","))
    for cells in reader:
        old, new = ([cell.strip() for cell in cells] + ["", ""])[:2]
        if not old and not new:
            continue
        if not old or not new or len(cells) > 2:
            raise InvalidAddressMap(
                f"Line {reader.line_num} of the address map has no old and new address."
            )
        if old.endswith(PREFIX) != new.endswith(PREFIX):
            raise InvalidAddressMap(
                f"Line {reader.line_num} of the address map has a * at the end of one address only."
            )
        entries.append((old, new))
        if len(new) > MAX_KEY or len(entries) > MAX_ENTRIES:
            raise InvalidAddressMap(
                f"Line {reader.line_num} of the address map is one too many, or too long."
            )
    if sum(old.endswith(PREFIX) for old, _ in entries) > MAX_PREFIXES:
        raise InvalidAddressMap(f"The address map has more than {MAX_PREFIXES:,} lines with a *.")
    return tuple(entries)


class AddressMap:
    """The new addresses of pages."""

    def __init__(self, options: ImportOptions) -> None:
        entries = options.address_map
        self.https = options.https
        self.exact = {_plain(old): new for old, new in entries if not old.endswith(PREFIX)}
        prefixes = [(_bare(old[:-1]), new[:-1]) for old, new in entries if old.endswith(PREFIX)]
        # The longest one that fits is meant.
        self.prefixes = sorted(prefixes, key=lambda entry: -len(entry[0]))

    def new(self, address: str) -> str:
        """Return the address that an address of the file stands for."""
        mapped = self.exact.get(_plain(address)) or self._by_prefix(address)
        if self.https and mapped.startswith("http://"):
            return f"https://{mapped.removeprefix('http://')}"
        return mapped

    def apply(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items with the new addresses of their pages."""
        for item in items:
            if isinstance(item, ImportedComment):
                page = self.new(item.page)
                yield rows.guarded(f"comment {item.source_id}", replace, item, page=page)
            elif isinstance(item, ImportedThread):
                key = self.new(item.key)
                url = text.http_url(key) or self.new(item.url)
                yield rows.guarded_page(f"page {item.key}", replace, item, key=key, url=url)
            else:
                yield item

    def _by_prefix(self, address: str) -> str:
        bare = _bare(address)
        for old, new in self.prefixes:
            if bare.startswith(old):
                return new + bare[len(old) :]
        return address


def _bare(address: str) -> str:
    """Return an address without its scheme, its host in small letters."""
    rest = address.partition("://")[2] if "://" in address else address
    host, slash, path = rest.partition("/")
    return (host.lower() if "." in host else host) + slash + path


def _plain(address: str) -> str:
    """Return an address as it is looked up: a map need not know its scheme and last slash.

    Nor need it escape the letters that the file escapes, or the other way round.
    """
    return normalize("NFC", unquote(_bare(address))).rstrip("/")
