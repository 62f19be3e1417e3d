"""Old addresses of pages, and the new ones that they stand for."""

from datetime import UTC, datetime

import pytest

from comments.formats.addresses import AddressMap, InvalidAddressMap, parse_map
from comments.formats.items import ImportedComment, ImportedThread
from comments.formats.options import ImportOptions
from comments.status import Status

OLD, NEW = "http://old.example/bees", "https://gazette.example/bees/"


def new(address: str, *lines: str, https: bool = False) -> str:
    return AddressMap(ImportOptions(address_map=parse_map(lines), https=https)).new(address)


@pytest.mark.parametrize("address", [OLD, f"{OLD}/", OLD.replace("http", "https")])
def test_an_address_is_found_in_whichever_way_it_is_written(address: str) -> None:
    assert new(address, f"{OLD},{NEW}") == NEW


@pytest.mark.parametrize(
    ("written", "in_file"),
    [
        ("http://old.example/caf%C3%A9", "http://old.example/café"),
        ("http://old.example/café", "https://old.example/cafe\u0301/"),
        ("http://OLD.example/a%20b", "http://old.example/a b"),
    ],
)
def test_an_address_need_not_be_escaped_alike(written: str, in_file: str) -> None:
    assert new(in_file, f"{written},{NEW}") == NEW


def test_the_path_of_an_address_is_in_letters_of_its_own() -> None:
    assert new("http://old.example/Bees", f"{OLD},{NEW}") == "http://old.example/Bees"


@pytest.mark.parametrize(
    "prefix", ["http://old.example/*", "https://OLD.example/*", "old.example/*"]
)
def test_a_prefix_is_found_with_any_scheme(prefix: str) -> None:
    for scheme in ("http", "https"):
        assert new(f"{scheme}://old.example/A/x?y", f"{prefix},{NEW}*") == f"{NEW}A/x?y"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_map_may_have_the_delimiters_of_spreadsheets(delimiter: str) -> None:
    assert new(OLD, "", f"{OLD}{delimiter}{NEW}") == NEW


def test_an_address_that_is_not_in_the_map_stays() -> None:
    assert new("http://old.example/wasps", f"{OLD},{NEW}") == "http://old.example/wasps"


def test_of_the_prefixes_the_longest_is_meant_and_an_address_before_it() -> None:
    lines = ("http://old.example/*,https://new.example/*", "http://old.example/a/*,https://a.example/*",
             f"{OLD},{NEW}")  # fmt: skip
    assert new("http://old.example/x", *lines) == "https://new.example/x"
    assert new("http://old.example/a/x", *lines) == "https://a.example/x"
    assert new(OLD, *lines) == NEW


def test_pages_of_http_become_those_of_https() -> None:
    assert new("http://old.example/x", https=True) == "https://old.example/x"
    assert new("bees", https=True) == "bees"


def test_keys_can_be_mapped_to_addresses() -> None:
    assert new("page-7", f"page-7,{NEW}") == NEW


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("http://a.example/", "Line 1"),
        ("a,b,c", "Line 1"),
        ("http://a.example/*,http://b.example/", "one address only"),
        (f"a,{'b' * 2001}", "too long"),
    ],
)
def test_a_map_that_can_not_be_read_is_refused_with_its_line(line: str, problem: str) -> None:
    with pytest.raises(InvalidAddressMap, match=problem):
        parse_map([line])


def test_pages_and_comments_of_a_file_meet_at_the_new_address() -> None:
    comment = ImportedComment(
        source_id="1", page=OLD, created_at=datetime(2020, 1, 1, tzinfo=UTC), body="x",
        status=Status.APPROVED,
    )  # fmt: skip
    page = ImportedThread(key=OLD, url=OLD)
    options = ImportOptions(address_map=((OLD, NEW),))
    mapped = list(AddressMap(options).apply([page, comment]))
    assert mapped[0] == ImportedThread(key=NEW, url=NEW)
    assert isinstance(mapped[1], ImportedComment)
    assert mapped[1].page == NEW


def test_options_are_the_same_after_they_were_stored() -> None:
    options = ImportOptions(also=("review",), address_map=((OLD, NEW),), https=True)
    assert ImportOptions.from_json(options.to_json()) == options
    assert ImportOptions().to_json() == {}
