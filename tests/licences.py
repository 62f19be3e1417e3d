"""What each library is licensed under: `python -m tests.licences` writes docs/licences.md."""

import re
from importlib.metadata import PackageMetadata, metadata

from tests.services.processes import ROOT

LISTS = ("requirements.txt", "requirements-context.txt", "requirements-observability.txt")
PAGE = ROOT / "docs/licences.md"
HEAD = """# Licences

Leave a Reply is under the [MIT licence](../LICENSE), its classifier under
[that of its data](../LICENSE-artifact.md). This is what `make run` installs beside it, and what
error reports and traces need, with what each library says of itself. `make licences` writes this
page, and `make sbom` a list for programs,
as CycloneDX, with hashes.

| library | version | licence |
|---|---|---|
"""
FOOT = """
Copied into the repository: Alpine.js (MIT), as its build without `eval`, in
`moderation/web/desk/static/unfold`. Tests and tools are not installed with it; they are in
`requirements-dev.txt` and `tests/package-lock.json`.
"""
CLASSIFIER = "License :: OSI Approved :: "


def pinned() -> dict[str, str]:
    """Return the versions of all libraries that an installation has, by their names."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in LISTS]
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", "\n".join(texts), re.MULTILINE))


def licence(said: PackageMetadata) -> str:
    """Return what a library says that it is licensed under; "" where it says nothing."""
    classifiers = [
        text.removeprefix(CLASSIFIER)
        for text in said.get_all("Classifier", [])
        if text.startswith(CLASSIFIER)
    ]
    field = (said.get("License") or "").strip().partition("\n")[0]
    return said.get("License-Expression") or "; ".join(classifiers) or field


def page() -> str:
    """Return the page, by what is installed here."""
    rows = [
        f"| {name} | {version} | {licence(metadata(name)).replace('|', '/')} |\n"
        for name, version in sorted(pinned().items())
    ]
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
