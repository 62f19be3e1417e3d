"""Bundle the readers' scripts with esbuild into the files that are committed and served.

`make bundle` (this module, run) writes them to `moderation/web/pages/static/pages/dist/`, so that
the service needs no Node. A test builds them again, and fails where the committed ones are stale.
"""

import json
import os
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).parent.parent
ESBUILD = ROOT / "tests/node_modules/.bin/esbuild"
STATIC = ROOT / "moderation/web/pages/static/pages"
DIST = STATIC / "dist"
# The file that is served, and the module that it begins with. `later.js` is the first: `embed.js`
# loads it by a path with the hash of its content, so no browser puts an old one beside a new one.
ENTRY_POINTS = {
    "later.js": "embed/later/index.js",
    "embed.js": "embed/element.js",
    "counts.js": "embed/counts.js",
}
# What stands behind it in `thread.css` comes with `later.js`.
LATER_STYLES = "/* Later: what the script loads when somebody begins to write. */"


def bundle(directory: Path) -> None:
    """Write every bundle into a directory. Raises CalledProcessError when esbuild fails."""
    styles, later_styles = (STATIC / "thread.css").read_text(encoding="utf-8").split(LATER_STYLES)
    constants: dict[str, Any] = {
        "LANGUAGES": translated_languages(),
        "STYLES": minified_css(styles),
        "MORE_STYLES": minified_css(later_styles),
    }
    for name, entry in ENTRY_POINTS.items():
        target = directory / name
        options = ["--bundle", "--format=esm", "--minify", *_defines(constants)]
        esbuild(STATIC / entry, *options, f"--outfile={target}")
        if name == "later.js":
            constants["LATER"] = f"embed/{name}?v={sha256(target.read_bytes()).hexdigest()[:10]}"


def _defines(constants: dict[str, Any]) -> list[str]:
    return [
        f"--define:{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in constants.items()
    ]


def translated_languages() -> list[str]:
    """Return the codes of the languages that have a catalog."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def minified_css(css: str) -> str:
    with tempfile.TemporaryDirectory() as directory:
        source, target = Path(directory) / "styles.css", Path(directory) / "minified.css"
        source.write_text(css, encoding="utf-8")
        esbuild(source, "--minify", f"--outfile={target}")
        return target.read_text(encoding="utf-8").strip()


def esbuild(source: Path, *options: str) -> None:
    subprocess.run(
        [ESBUILD, source, "--charset=utf8", "--log-level=warning", *options], cwd=ROOT, check=True
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    bundle(DIST)
