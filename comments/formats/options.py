"""How a file is to be read: what its owner chose beside the format."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

# What WordPress keeps among its comments that a site may want to show as such.
COMMENT_TYPES = ("webmention", "review")
# What the texts of a table may be written in.
TEXT_FORMATS = ("text", "html", "markdown")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the owner of a file chose.

    `also` are the COMMENT_TYPES that come in as comments. `address_map` has pairs of an old and a
    new address, see `addresses`; with `https` pages of http become ones of https. With
    `identifiers` the identifiers of Disqus are the keys of pages. `columns` has pairs of a field
    and the column of a table that it is in, whose texts are in `text_format`.
    """

    also: tuple[str, ...] = ()
    address_map: tuple[tuple[str, str], ...] = ()
    https: bool = False
    identifiers: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    text_format: str = "text"

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ImportOptions":
        """Return the options of a JSON object, as `to_json` wrote it."""
        own = {each.name for each in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in values.items() if name in own})

    def to_json(self) -> dict[str, Any]:
        """Return the options that are not the default, as a JSON object."""
        return {
            name: value for name, value in asdict(self).items() if value != getattr(DEFAULT, name)
        }


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list | tuple) else value


DEFAULT = ImportOptions()
