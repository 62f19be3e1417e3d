"""Whatever a file is, an import ends with a clear message, and loses and duplicates nothing."""

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.formats import formats, streams
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import Item
from comments.models import Comment, Site
from moderation.intake.transfers import importer
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.conftest import Load, comment
from tests.factories import NOW, SiteFactory
from tests.moderation.management.test_commands import run_json

pytestmark = pytest.mark.django_db
SAMPLES = {
    "disqus": disqus.export(disqus.post("10", "First"), disqus.post("11", "Next", parent="10")),
    "wordpress": wordpress.export(
        wordpress.written("5", "First"), wordpress.written("6", "Next", comment_parent="5")
    ),
    "remark42": json_formats.backup(
        json_formats.remark("a", "First"), json_formats.remark("b", "Next", pid="a")
    ),
    "commento": json_formats.commento(
        json_formats.written("a", "First"), json_formats.written("b", "Next", parentHex="a")
    ),
}
NATIVE = (
    '{"format":"leave-a-reply","version":1}\n'
    '{"type":"comment","id":"019ab000-0000-7000-8000-000000000001","thread":"a","parent":null,'
    '"author":{"name":"","url":""},"body":BODY,"status":"approved",'
    '"created_at":"2026-11-24T12:00:00Z","edited_at":null}\n'
)
each_format = pytest.mark.parametrize("name", SAMPLES)


@each_format
def test_a_second_import_creates_nothing(load: Load, name: str) -> None:
    assert load(SAMPLES[name])["created"] == 2
    again = load(SAMPLES[name])
    assert (again["created"], again["skipped"]) == (0, 2)
    assert Comment.objects.exclude(parent=None).count() == 1


@each_format
def test_a_dry_run_counts_and_keeps_nothing(load: Load, name: str) -> None:
    result = load(SAMPLES[name], "--dry-run")
    assert (result["created"], result["threads"]) == (2, 1)
    assert not Comment.objects.exists()


@each_format
def test_an_interrupted_import_is_resumed(
    site: Site, load: Load, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    path = tmp_path / "export"
    sample = SAMPLES[name]
    path.write_bytes(sample if isinstance(sample, bytes) else sample.encode())
    _, reader = formats.detect_format(ImportFile(path))
    steps = importer.import_items(reader.read(ImportFile(path)), site=site, source=name, now=NOW)
    list(islice(steps, 2))  # A page and a comment; then the worker dies.
    assert Comment.objects.count() == 1
    result = load(sample)
    assert (result["created"], result["skipped"]) == (1, 1)
    assert Comment.objects.exclude(parent=None).count() == 1


@each_format
def test_each_site_imports_for_itself(load: Load, name: str, tmp_path: Path) -> None:
    load(SAMPLES[name])
    SiteFactory(slug="other")
    assert run_json("import_comments", "other", str(tmp_path / "export"))["created"] == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"\x1f\x8b garbage",
        gzip.compress(b"garbage", mtime=0),
        gzip.compress(SAMPLES["disqus"].encode(), mtime=0)[:-20],
        SAMPLES["disqus"][:-40].encode(),
        SAMPLES["wordpress"][:-40].encode(),
        SAMPLES["commento"][:-40].encode(),
        b'<?xml version="1.0"?><disqus xmlns="http://disqus.com"><post>',
        b"SQLite format 3\x00 garbage",
        b'{"users": 1, "posts": 2',
        b'{"format":"leave-a-reply","version":99}\n',
    ],
)
def test_an_unreadable_file_is_refused_with_one_line(load: Load, content: bytes) -> None:
    with pytest.raises(CommandError) as refused:
        load(content)
    assert str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(load: Load, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        load(tmp_path / "nothing")


def test_a_gzip_bomb_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MIN_BOMB_BYTES", 1_000_000)
    head, tail = disqus.export().encode()[:-9], b"</disqus>"
    bomb = gzip.compress(head + b" " * 50_000_000 + tail)
    with pytest.raises(CommandError, match="unpacks to far more than its size"):
        load(bomb)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "https://evil.example/a.dtd">',
    ],
)
def test_xml_with_a_dtd_is_refused(load: Load, doctype: str) -> None:
    first, _, rest = SAMPLES["disqus"].partition("\n")
    with pytest.raises(CommandError, match="no XML that can be imported"):
        load(f"{first}\n{doctype}\n{rest}")


@pytest.mark.parametrize(
    "encoding", ["tf-8", "utf-7", "idna", "punycode", "undefined", "hex", "shift_jis", "utf-32"]
)
@pytest.mark.parametrize("name", ["disqus", "wordpress"])
def test_xml_in_an_encoding_that_nothing_decodes_is_refused(
    load: Load, name: str, encoding: str
) -> None:
    content = re.sub('encoding="[^"]*"', f'encoding="{encoding}"', SAMPLES[name], count=1)
    with pytest.raises(CommandError, match="no XML that can be imported"):
        load(content)


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1"])
def test_xml_in_an_old_western_encoding_is_read(load: Load, encoding: str) -> None:
    content = SAMPLES["disqus"].replace("First", "Café").replace("utf-8", encoding, 1)
    assert load(content.encode(encoding))["created"] == 2
    assert comment("Café")


@pytest.mark.parametrize(
    ("name", "sample"), [(name, SAMPLES[name]) for name in ("disqus", "wordpress", "commento")]
)
def test_bytes_that_are_no_utf_8_are_refused(load: Load, name: str, sample: str) -> None:
    with pytest.raises(CommandError, match="can be imported"):
        load(sample.encode().replace(b"First", b"Fi\xff\xfest"))


@pytest.mark.parametrize(
    "content",
    [
        b'{"users": [],\n "posts": []}\n' + b"[" * 200_000,
        b'{"commentHex": 1, "comments": ' + b'{"a":' * 200_000,
        b'[{"id": "/a", "comments": ' + b"[" * 200_000,
    ],
    ids=["remark42", "commento", "isso"],
)
def test_json_that_nests_without_end_is_refused_before_it_fills_the_memory(
    load: Load, content: bytes
) -> None:
    with pytest.raises(CommandError, match="nests deeper"):
        load(content)


def test_xml_that_nests_without_end_is_refused_with_its_line(load: Load) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    with pytest.raises(CommandError, match=r"line \d+: Excessive depth"):
        load(SAMPLES["disqus"].replace("</disqus>", f"{deep}</disqus>"))


@pytest.mark.parametrize("tag", ["blockquote", "b"])
def test_html_that_nests_without_end_loses_its_mark_up_and_keeps_its_words(
    load: Load, tag: str
) -> None:
    load(disqus.export(disqus.post("10", f"{f'<{tag}>' * 5_000}Words &amp; more")))
    assert comment("Words").body == "Words & more"


@pytest.mark.parametrize("name", ["remark42", "commento", "native"])
def test_text_that_no_database_takes_is_left_out(load: Load, name: str) -> None:
    odd = "Odd\x00 words"
    samples = {
        "remark42": json_formats.backup(json_formats.remark("a\x00" * 200, odd)),
        "commento": json_formats.commento(json_formats.written("a\x00" * 200, odd)),
        "native": NATIVE.replace("BODY", json.dumps(f"{odd}\ud800")),
    }
    assert load(samples[name])["problems"] == []
    assert comment("Odd").body == "Odd words"


@pytest.mark.parametrize("name", ["disqus", "wordpress"])
def test_a_time_before_the_calendar_begins_is_a_problem_of_its_row(load: Load, name: str) -> None:
    early = re.sub(
        r"(createdAt|comment_date_gmt|comment_date)>20[^<]*",
        r"\1>0001-01-01T00:00:00+14:00",
        SAMPLES[name],
    )
    assert {problem.partition(": ")[2] for problem in load(early)["problems"]} == {"it has no time"}


def test_a_title_that_is_no_text_is_a_problem_of_its_row(load: Load) -> None:
    odd, fine = json_formats.remark("a", "Odd", title=7), json_formats.remark("b", "Fine")
    result = load(json_formats.backup(odd, fine))
    assert (result["created"], result["problem_count"]) == (1, 1)
    row = {"id": 1, "created": "2020-01-01 10:00:00", "text": "Fine"}
    pages = [
        {"id": "/a", "title": 7, "comments": []},
        {"id": "/b", "title": "B", "comments": [row]},
    ]
    assert load(json.dumps(pages), "--base-url", "https://gazette.example")["note_count"] == 1


def test_a_database_of_isso_with_bytes_that_are_no_text_is_read(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "comments.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE threads (id, uri, title)")
        database.execute(
            "CREATE TABLE comments (tid, id, parent, created, modified, mode,"
            " remote_addr, text, author, email, website)"
        )
        database.execute(
            "INSERT INTO threads VALUES (1, '/a', CAST(x'ff41' AS TEXT)), (2, '/b', x'ff')"
        )
        database.execute(
            "INSERT INTO comments VALUES"
            " (1, 1, NULL, 1e9, NULL, 1, '', CAST(x'4f6464ff' AS TEXT), 'Ann', '', ''),"
            " (1, 2, NULL, 1e9, NULL, 1, '', 'Lost', x'ff', '', '')"
        )
    result = load(path, "--base-url", "https://gazette.example")
    assert (result["created"], result["problem_count"], result["note_count"]) == (1, 1, 1)
    assert comment("Odd").body == "Odd\ufffd"


def _read(content: bytes, path: Path) -> Iterator[Item]:
    path.write_bytes(content)
    for reader in formats.IMPORT_FORMATS.values():
        try:
            yield from reader.read(ImportFile(path))
        except (UnreadableFile, OSError):
            continue


@given(
    sample=st.sampled_from([s if isinstance(s, bytes) else s.encode() for s in SAMPLES.values()]),
    start=st.integers(0, 2000),
    damage=st.binary(max_size=20),
)
@settings(max_examples=60)
def test_a_damaged_file_gives_items_or_is_unreadable(
    tmp_path: Path, sample: bytes, start: int, damage: bytes
) -> None:
    damaged = sample[:start] + damage + sample[start + len(damage) :]
    for item in _read(damaged, tmp_path / "damaged"):
        assert isinstance(item, Item)
