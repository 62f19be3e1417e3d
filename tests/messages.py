"""The strings that readers see, and their translations in `locale/`.

`make messages` (this module, run) extracts the strings from the code, updates every catalog and
compiles it. As in Django, the domain `django` holds those of Python and templates, and `djangojs`
those of the scripts. `tests/test_languages.py` fails where one is not translated.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
PACKAGES = ("comments", "moderation", "config")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JAVASCRIPT_KEYWORDS = {"gettext": None, "ngettext": (1, 2)}
DOMAINS = ("django", "djangojs")
HEADER = "# Leave a Reply: what readers see. Update with `make messages`."


def languages() -> list[str]:
    """Return the languages that are translated into: all but the one that we write in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalog_path(domain: str, language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def extracted(domain: str) -> Catalog:
    """Return every string of a domain that is marked for translation."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*")):
        for _, message, comments, context in _strings(path, domain):
            name = str(path.relative_to(ROOT))
            catalog.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def read(domain: str, language: str) -> Catalog:
    """Return the translations of a domain, empty where there is no catalog yet."""
    path = catalog_path(domain, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalog in the binary format that Django loads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update(domain: str, language: str, strings: Catalog) -> None:
    """Add and remove strings of a catalog to match the code, keep translations, and compile it."""
    catalog = read(domain, language)
    catalog.header_comment = HEADER
    catalog.update(strings, no_fuzzy_matching=True, update_creation_date=False)
    path = catalog_path(domain, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, ignore_obsolete=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(read(domain, language)))


def _strings(path: Path, domain: str) -> Iterator[tuple]:
    if domain == "djangojs":
        # What is in `dist` was bundled of the modules.
        if path.suffix == ".js" and "dist" not in path.parts:
            source = path.read_text(encoding="utf-8")
            yield from _extract("javascript", source, JAVASCRIPT_KEYWORDS)
    elif path.suffix == ".py":
        yield from _extract("python", path.read_text(encoding="utf-8"), KEYWORDS)
    elif path.suffix in (".html", ".txt") and "templates" in path.parts:
        text = templatize(path.read_text(encoding="utf-8"))
        # What is left of the template is no Python: without indentation it can be read as such.
        source = "\n".join(line.lstrip() for line in text.splitlines())
        yield from _extract("python", source, KEYWORDS)


def _extract(method: str, source: str, keywords: dict) -> Iterator[tuple]:
    file = io.BytesIO(source.encode())
    yield from extract(method, file, keywords, comment_tags=("Translators:",))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for domain in DOMAINS:
        strings = extracted(domain)
        for code in languages():
            update(domain, code, strings)
