"""Bundle the readers' scripts with esbuild into the files that are committed and served.

`make bundle` (this module, run) writes them to `moderation/web/pages/static/pages/dist/`, so that
the service needs no Node. A test builds them again, and fails where the committed ones are stale.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parent.parent
ESBUILD = ROOT / "tests/node_modules/.bin/esbuild"
STATIC = ROOT / "moderation/web/pages/static/pages"
DIST = STATIC / "dist"
# The file that is served, and the module that it begins with.
ENTRY_POINTS = {"embed.js": "embed/element.js", "counts.js": "embed/counts.js"}


def bundle(directory: Path) -> None:
    """Write every bundle into a directory. Raises CalledProcessError when esbuild fails."""
    constants = {"LANGUAGES": translated_languages(), "STYLES": minified_css(STATIC / "thread.css")}
    defines = [
        f"--define:{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in constants.items()
    ]
    for name, entry in ENTRY_POINTS.items():
        options = ["--bundle", "--format=esm", "--minify", *defines]
        esbuild(STATIC / entry, *options, f"--outfile={directory / name}")


def translated_languages() -> list[str]:
    """Return the codes of the languages that have a catalog."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def minified_css(path: Path) -> str:
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / path.name
        esbuild(path, "--minify", f"--outfile={target}")
        return target.read_text(encoding="utf-8").strip()


def esbuild(source: Path, *options: str) -> None:
    subprocess.run(
        [ESBUILD, source, "--charset=utf8", "--log-level=warning", *options], cwd=ROOT, check=True
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    bundle(DIST)
