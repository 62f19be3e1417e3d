"""Import files written by hand, through the operators' command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comments.models import Comment, Site
from tests.moderation.management.test_commands import run_json

Load = Callable[..., dict]


@pytest.fixture
def load(site: Site, tmp_path: Path) -> Load:
    """Return a function that imports a file's content into the site."""

    def load(content: str | bytes | Path, *more: str) -> dict:
        path = content if isinstance(content, Path) else tmp_path / "export"
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, bytes):
            path.write_bytes(content)
        return run_json("import_comments", site.slug, str(path), *more)

    return load


def comment(start: str) -> Comment:
    """Return the one comment whose text starts like this."""
    return Comment.objects.select_related("thread", "parent", "author").get(body__startswith=start)
