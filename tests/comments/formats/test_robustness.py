"""Whatever a file is, an import ends with a word about it, and loses and doubles nothing."""

import gzip
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.formats import files, formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.models import Comment, Site
from moderation.intake.transfers import importer
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress
from tests.comments.formats.conftest import Load
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
each_format = pytest.mark.parametrize("name", SAMPLES)


@each_format
def test_run_again_it_creates_nothing(load: Load, name: str) -> None:
    assert load(SAMPLES[name])["created"] == 2
    again = load(SAMPLES[name])
    assert (again["created"], again["skipped"]) == (0, 2)
    assert Comment.objects.exclude(parent=None).count() == 1


@each_format
def test_a_dry_run_counts_and_keeps_nothing(load: Load, name: str) -> None:
    told = load(SAMPLES[name], "--dry-run")
    assert (told["created"], told["threads"]) == (2, 1)
    assert not Comment.objects.exists()


@each_format
def test_interrupted_it_goes_on_where_it_ended(
    site: Site, load: Load, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    path = tmp_path / "export"
    sample = SAMPLES[name]
    path.write_bytes(sample if isinstance(sample, bytes) else sample.encode())
    _, reader = formats.reader(ImportFile(path))
    steps = importer.take(reader.read(ImportFile(path)), site=site, source=name, now=NOW)
    list(islice(steps, 2))  # A page and a comment; then the worker dies.
    assert Comment.objects.count() == 1
    told = load(sample)
    assert (told["created"], told["skipped"]) == (1, 1)
    assert Comment.objects.exclude(parent=None).count() == 1


@each_format
def test_what_one_site_imported_is_new_to_another(load: Load, name: str, tmp_path: Path) -> None:
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
def test_garbage_is_refused_with_one_line(load: Load, content: bytes) -> None:
    with pytest.raises(CommandError) as refused:
        load(content)
    assert str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(load: Load, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        load(tmp_path / "nothing")


def test_a_gzip_bomb_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "HARMLESS", 1_000_000)
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


def _read(content: bytes, path: Path) -> Iterator[Item]:
    path.write_bytes(content)
    for reader in formats.READERS.values():
        try:
            yield from reader.read(ImportFile(path))
        except (UnreadableFile, OSError, EOFError, zlib.error):
            continue


@given(
    sample=st.sampled_from([s if isinstance(s, bytes) else s.encode() for s in SAMPLES.values()]),
    start=st.integers(0, 2000),
    junk=st.binary(max_size=20),
)
@settings(max_examples=60)
def test_damaged_files_never_break_a_reader(
    tmp_path: Path, sample: bytes, start: int, junk: bytes
) -> None:
    damaged = sample[:start] + junk + sample[start + len(junk) :]
    for item in _read(damaged, tmp_path / "damaged"):
        assert isinstance(item, ImportedThread | ImportedComment | ImportProblem)
