"""The code of the guides, as their readers copy it."""

import re

from tests.services.processes import ROOT

DOCS = ROOT / "docs"


def blocks(page: str, language: str) -> list[str]:
    """Return what stands in a page's fenced blocks of a language, in order."""
    markdown = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", markdown, re.S)
