"""What an installation is made of: pinned by hashes, and listed with its licences."""

import re

import pytest

from tests import licences
from tests.services.processes import ROOT


@pytest.mark.parametrize("name", licences.LISTS)
def test_every_library_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert [
        line for line in lines if not re.search(r"==\S+( +--hash=sha256:[0-9a-f]{64})+", line)
    ] == []


@pytest.mark.parametrize("name", licences.LISTS)
def test_no_list_says_from_where_libraries_are_taken(name: str) -> None:
    assert not re.search(r"://|find-links|index-url", (ROOT / name).read_text(encoding="utf-8"))


def test_the_page_lists_the_licence_of_every_library() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_every_library_says_its_licence_and_none_forbids_to_run_it_beside_ours() -> None:
    said = {name: licences.licence(licences.metadata(name)) for name in licences.pinned()}
    assert [name for name, text in said.items() if not text] == []
    strict = {name for name, text in said.items() if re.search(r"\b(?<!L)A?GPL|SSPL|Commons", text)}
    assert strict == set()
