"""A version gets its tag only where its changes have its name."""

import pytest

from tests.release import problems


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("0.9.0 — 2026-12-24", 0),
        ("Unreleased", 1),
        ("0.8.0 — 2026-12-24", 1),
        ("0.9.0", 1),
        ("0.9.0 — soon", 1),
    ],
)
def test_the_newest_changes_are_those_of_the_version(heading: str, found: int) -> None:
    assert len(problems(f"# Changes\n\n## {heading}\n\n## 0.1.0\n", "0.9.0")) == found


def test_without_changes_there_is_no_release() -> None:
    assert problems("# Changes\n", "0.9.0")


def test_the_manifests_run_the_image_of_the_version() -> None:
    changes = "# Changes\n\n## 0.9.0 — 2026-12-24\n"
    assert not problems(changes, "0.9.0", "image: leave-a-reply:0.9.0\n")
    (found,) = problems(changes, "0.9.0", "image: leave-a-reply:0.9.0\nimage: leave-a-reply:0.8.0")
    assert "the image of 0.8.0" in found


def test_what_is_developed_gets_no_tag() -> None:
    assert problems("# Changes\n\n## 0.9.0.dev0 — 2026-12-24\n", "0.9.0.dev0")
