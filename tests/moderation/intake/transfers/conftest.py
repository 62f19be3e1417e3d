"""A site's transfers, with files in a folder of the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comments.models import Site
from moderation.intake.transfers import files, jobs
from moderation.models import Transfer
from tests.factories import NOW


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "transfers"


@pytest.fixture
def upload(site: Site) -> Callable[..., Transfer]:
    """Start an import of a file with this content."""

    def upload(content: bytes, **options: Any) -> Transfer:
        options = {"name": "auto", "now": NOW, **options}
        with files.stored_upload([content]) as file:
            return jobs.start_import(options.pop("site", site), file, **options)

    return upload
