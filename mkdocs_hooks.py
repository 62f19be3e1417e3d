"""Bring the documents beside docs/ into the site, and mend links for it.

What docs/ links to elsewhere in the repository is a page of the site where it is a document, and a
path to look up in the repository where it is not.
"""

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent
# Documents outside of docs/, by their place in the repository, with their place in the site.
DOCUMENTS = {
    "README.md": "index.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "SECURITY.md": "SECURITY.md",
    "ml/artifacts/released/card.md": "ml/artifacts/released/card.md",
}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#|<)([^)#\s]*)(#[^)\s]*)?\)")
PICTURE = re.compile(r'(<img src=")([^":]+)"')


def on_files(files: Files, config: Any) -> Files:
    """Add the documents outside of docs/."""
    for source, place in DOCUMENTS.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Mend the links and pictures of a page."""
    place = page.file.src_uri
    source = next((s for s, p in DOCUMENTS.items() if p == place), f"docs/{place}")
    mended = LINK.sub(lambda link: _link(link, source, place), markdown)
    return PICTURE.sub(lambda picture: f'{picture[1]}{_moved(picture[2], source, place)}"', mended)


def _link(link: re.Match[str], source: str, place: str) -> str:
    label, target, anchor = link[1], link[2], link[3] or ""
    aim = normpath(join(dirname(source), target))
    if not (ROOT / aim).exists():
        return link[0]  # `strict` tells of it.
    if aim in DOCUMENTS or (aim.startswith("docs/") and (ROOT / aim).is_file()):
        return f"[{label}]({_moved(target, source, place)}{anchor})"
    return label if label.strip("`") in aim else f"{label} (`{aim}`)"


def _moved(target: str, source: str, place: str) -> str:
    """Return the way from a page of the site to what its source refers to in the repository."""
    aim = normpath(join(dirname(source), target))
    return relpath(DOCUMENTS.get(aim, aim.removeprefix("docs/")), dirname(place) or ".")
