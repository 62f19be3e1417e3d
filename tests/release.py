"""Whether a version is told consistently: the end of `make release-check`."""

import re
import sys

from leave_a_reply import __version__
from tests.services.processes import ROOT


def problems(changes: str, version: str, manifests: str = "") -> list[str]:
    """Return what keeps a version from its tag, by the texts of CHANGELOG.md and the manifests."""
    headings = re.findall(r"^## (.+)$", changes, re.MULTILINE)
    found = []
    newest = headings[0] if headings else ""
    if newest == "Unreleased":
        found.append("CHANGELOG.md: give “Unreleased” the name of the version, and its day.")
    elif not re.fullmatch(rf"{re.escape(version)} — \d{{4}}-\d\d-\d\d", newest):
        found.append(f"CHANGELOG.md begins with “{newest}”, and leave_a_reply has {version}.")
    tags = set(re.findall(r"image: leave-a-reply:(\S+)", manifests)) - {version}
    found += [f"deploy/kubernetes/ runs the image of {tag}, not of {version}." for tag in tags]
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        found.append(f"leave_a_reply has {version}, which is no version to release.")
    return found


if __name__ == "__main__":
    changes, manifests = (
        (ROOT / name).read_text("utf-8")
        for name in ("CHANGELOG.md", "deploy/kubernetes/leave-a-reply.yaml")
    )
    sys.exit("\n".join(problems(changes, __version__, manifests)) or 0)
