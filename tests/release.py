"""Whether a version is told consistently: the end of `make release-check`."""

import re
import sys

from leave_a_reply import __version__
from tests.services.processes import ROOT


def problems(changes: str, version: str) -> list[str]:
    """Return what keeps a version from its tag, by the text of CHANGELOG.md."""
    headings = re.findall(r"^## (.+)$", changes, re.MULTILINE)
    found = []
    newest = headings[0] if headings else ""
    if newest == "Unreleased":
        found.append("CHANGELOG.md: give “Unreleased” the name of the version, and its day.")
    elif not re.fullmatch(rf"{re.escape(version)} — \d{{4}}-\d\d-\d\d", newest):
        found.append(f"CHANGELOG.md begins with “{newest}”, and leave_a_reply has {version}.")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(problems((ROOT / "CHANGELOG.md").read_text("utf-8"), __version__)) or 0)
