"""How the wheel is built: what it needs is said once, in requirements.in and requirements.txt.

Its description is README.md, without what is shown only beside the files of the repository.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).parent
# What an installation may do without, by the name of the extra that brings it.
EXTRAS = {"psycopg[binary]": "postgres", "redis": "redis", "onnxruntime": "context"}
OBSERVABILITY = "requirements-observability.in"


class Requirements(MetadataHookInterface):
    """Takes the libraries of requirements.in, from the tested version up to the next major one."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the dependencies and the extras."""
        needed = wanted("requirements.in") | wanted("requirements-context.in")
        extras = {extra: [needed.pop(name)] for name, extra in EXTRAS.items()}
        # Celery says which versions of Redis's client it works with.
        celery = needed.pop("celery[redis]")
        extras["redis"].append(celery)
        needed["celery"] = celery.replace("[redis]", "")
        extras["observability"] = sorted(wanted(OBSERVABILITY).values())
        metadata["dependencies"] = sorted(needed.values())
        metadata["optional-dependencies"] = extras
        text = description((ROOT / "README.md").read_text(encoding="utf-8"))
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def description(readme: str) -> str:
    """Return a readme without pictures, and with the labels of links into the repository alone.

    A package index shows it far from the files that it refers to.
    """
    without_pictures = re.sub(r"<p[^>]*><img [^>]*></p>\n+", "", readme)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", without_pictures)


def wanted(file: str) -> dict[str, str]:
    """Return the requirements of a list of libraries, by their names with extras."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pinned = (ROOT / file).with_suffix(".txt").read_text(encoding="utf-8")
    versions = dict(re.findall(r"^([\w.-]+)==([\w.]+)", pinned, re.MULTILINE))
    found = {}
    for line in lines:
        if match := re.fullmatch(r"(([a-z][\w-]*)(?:\[.+\])?)([~<>=].+)?", line):
            name, bare, bounds = match.groups()
            tested = versions[bare]
            end = bounds or f"<{int(tested.partition('.')[0]) + 1}"
            found[name] = f"{name}>={tested},{end}"
    return found
