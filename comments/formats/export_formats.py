"""The registry of export formats, by name."""

from collections.abc import Callable, Iterator, Mapping

from comments.formats import disqus_export, native_export, wordpress_export
from comments.formats.export import AddressOf
from comments.models import Site

EXPORT_FORMATS: Mapping[str, Callable[..., Iterator[str]]] = {
    "native": native_export.write,
    "wordpress": wordpress_export.write,
    "disqus": disqus_export.write,
}


def export(site: Site, name: str, *, address_of: AddressOf | None = None) -> Iterator[str]:
    """Yield the chunks of an export; with `address_of`, which reads them, with email addresses."""
    return EXPORT_FORMATS[name](site, address_of=address_of)
