"""The strings that readers see, and their translations in `locale/`.

`make messages` (this module, run) finds the strings in the code, brings every catalog up to date
and compiles it. `tests/test_languages.py` tells what is left to translate.
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
    # In the scripts.
    "t": None,
    "phrase": None,
    "tn": (1, 2),
}
HEADER = "# Leave a Reply: what readers see. Update with `make messages`."


def languages() -> list[str]:
    """Return the languages that are translated into: all but the one that we write in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalog_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def found() -> Catalog:
    """Return every string that is marked for translation."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*")):
        for _, message, comments, context in _strings(path):
            name = str(path.relative_to(ROOT))
            catalog.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """Return the translations into a language, none where there is no catalog yet."""
    path = catalog_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalog as Django reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update(language: str, strings: Catalog) -> None:
    """Bring a catalog up to date with the code, keep its translations, and compile it."""
    catalog = read(language)
    catalog.header_comment = HEADER
    catalog.update(strings, no_fuzzy_matching=True, update_creation_date=False)
    path = catalog_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, ignore_obsolete=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(read(language)))


def _strings(path: Path) -> Iterator[tuple]:
    if path.suffix == ".py":
        method, source = "python", path.read_text(encoding="utf-8")
    elif path.suffix == ".js":
        method, source = "javascript", path.read_text(encoding="utf-8")
    elif path.suffix in (".html", ".txt") and "templates" in path.parts:
        text = templatize(path.read_text(encoding="utf-8"))
        # What is left of the template is no Python: without indentation it can be read as such.
        method, source = "python", "\n".join(line.lstrip() for line in text.splitlines())
    else:
        return
    file = io.BytesIO(source.encode())
    yield from extract(method, file, KEYWORDS, comment_tags=("Translators:",))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    strings = found()
    for code in languages():
        update(code, strings)
