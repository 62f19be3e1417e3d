"""Files that are not quite right are read anyway, or refused in a sentence with the place."""

import codecs
import gzip
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.formats import formats, streams
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment
from comments.formats.xml import _Repair
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.hostile import Row, isso_database

DISQUS = disqus.export(disqus.post("10", "MARK"))
PIECES = ("&", "&amp;", "&nbsp;", "&#11;", "<![CDATA[", "]]>", "a", "<")
COMMENTO = json_formats.commento(json_formats.written("a", "MARK"))
WORDPRESS = wordpress.export(wordpress.written("5", "MARK"))


def bodies(path: Path, content: bytes | str) -> list[str]:
    path = path / "export"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = ImportFile(path)
    _, found = formats.detect_format(source)
    return [item.body for item in found.read(source) if isinstance(item, ImportedComment)]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("text", [DISQUS, WORDPRESS])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\x0bb", "ab"),
        ("]]>a&#11;b<![CDATA[", "ab"),
        ("]]>a&nbsp;b<![CDATA[", "a\xa0b"),
        ("]]>caf&eacute; &hellip;<![CDATA[", "café …"),
        ("]]>Tom & Jerry & <![CDATA[", "Tom & Jerry &"),
        ("]]>AT&T &x &amp;amp;<![CDATA[", "AT&T &x &"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("&eacute;", "é"),
    ],
)
def test_references_and_characters_that_xml_has_not_are_read(
    tmp_path: Path, text: str, written: str, read: str
) -> None:
    assert bodies(tmp_path, text.replace("MARK", written)) == [read]


@pytest.mark.parametrize("text", [DISQUS, WORDPRESS])
def test_what_stands_before_the_declaration_is_no_harm(tmp_path: Path, text: str) -> None:
    assert bodies(tmp_path, "\n\n  " + text) == ["MARK"]
    assert bodies(tmp_path, text.partition("?>")[2]) == ["MARK"]


@pytest.mark.parametrize("doctype", ["<!DOCTYPE rss>", "<!doctype disqus >"])
def test_a_document_type_without_declarations_is_read_over(tmp_path: Path, doctype: str) -> None:
    head, mark, rest = WORDPRESS.partition("?>")
    assert bodies(tmp_path, f"{head}{mark}\n{doctype}{rest}") == ["MARK"]


def test_a_document_type_with_declarations_is_refused_with_its_line(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bb">]>'
    with pytest.raises(UnreadableFile, match="line 2 declares a document type"):
        bodies(tmp_path, DISQUS.replace("\n", f"\n{bomb}\n", 1))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize(
    "text", [DISQUS, WORDPRESS, json_formats.commento(json_formats.written("a", "MARK"))]
)
def test_files_in_unicode_of_any_kind_are_read(tmp_path: Path, text: str, encoding: str) -> None:
    assert bodies(tmp_path, text.replace("MARK", "Käse 🧀").encode(encoding)) == ["Käse 🧀"]


def test_an_encoding_that_a_file_is_not_in_is_seen_through(tmp_path: Path) -> None:
    text = DISQUS.replace("MARK", "Käse „gut“")
    assert bodies(tmp_path, text.encode("cp1252")) == ["Käse „gut“"]
    declared = text.replace('encoding="utf-8"', 'encoding="utf-16"')
    assert bodies(tmp_path, declared) == ["Käse „gut“"]
    declared = text.replace('encoding="utf-8"', 'encoding="ISO-8859-1"')
    assert bodies(tmp_path, declared.encode("cp1252")) == ["Käse „gut“"]


def test_an_encoding_that_is_not_read_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="line 2 says that it is in “shift_jis”"):
        bodies(tmp_path, "\n" + DISQUS.replace("utf-8", "shift_jis", 1))


def test_a_file_that_ends_too_early_is_refused_after_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"line \d+: "):
        bodies(tmp_path, DISQUS[:-20])


def test_elements_that_do_not_match_are_read_and_the_place_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(DISQUS.replace("<name>Ann</name>", "<name>Ann</nam>"))
    source = ImportFile(path)
    found = list(formats.IMPORT_FORMATS["disqus"].read(source))
    assert any(isinstance(item, ImportedComment) for item in found)
    assert any(place.startswith("line ") for place in source.damage)


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(export__xml=content)])
def test_packed_files_are_read(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    assert bodies(tmp_path, pack(DISQUS.encode())) == ["MARK"]


def test_the_clutter_of_an_archive_is_left_out(tmp_path: Path) -> None:
    packed = zipped(**{"a.xml": DISQUS.encode(), "MACOSX/._a.xml": b"x", "README.txt": b"x"})
    packed = packed.replace(b"MACOSX/._a.xml", b".ACOSX/._a.xml")
    assert bodies(tmp_path, packed) == ["MARK"]


def test_an_archive_of_several_files_is_refused_with_their_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"holds 2 files \(a.xml, b.xml\): unpack it"):
        bodies(tmp_path, zipped(a__xml=DISQUS.encode(), b__xml=b"x"))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="can't be unpacked"):
        bodies(tmp_path, zipped(a__xml=DISQUS.encode())[:-30])


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MIN_BOMB_BYTES", 100_000)
    bomb = DISQUS[:-9].encode() + b" " * 5_000_000 + b"</disqus>"
    with pytest.raises(UnreadableFile, match="unpacks to far more than its size"):
        bodies(tmp_path, zipped(a__xml=bomb))


def test_a_packed_database_of_isso_is_read(tmp_path: Path) -> None:
    isso_database([Row(1, "MARK")], tmp_path / "comments.db")
    sqlite3.connect(tmp_path / "comments.db").close()
    assert bodies(tmp_path, gzip.compress((tmp_path / "comments.db").read_bytes())) == ["MARK"]


@pytest.mark.parametrize("content", [b"", b" \n", codecs.BOM_UTF8])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="The file is empty"):
        bodies(tmp_path, content)


def test_a_file_of_no_known_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no file of any known format"):
        bodies(tmp_path, json.dumps({"hello": "world"}))


@given(
    pieces=st.lists(
        st.sampled_from(["&", "&amp;", "&nbsp;", "&#11;", "<![CDATA[", "]]>", "a", "<"])
    ),
    cut=st.integers(0, 60),
)
def test_a_file_is_repaired_alike_wherever_it_is_cut_into_pieces(
    pieces: list[str], cut: int
) -> None:
    text = "".join(pieces)
    whole, parts = _Repair(), _Repair()
    expected = whole.feed(text) + whole.feed("", is_last=True)
    found = parts.feed(text[:cut]) + parts.feed(text[cut:]) + parts.feed("", is_last=True)
    assert found == expected
