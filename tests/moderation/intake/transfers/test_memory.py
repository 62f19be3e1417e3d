"""An import holds a little of the file at a time, however large it is."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from comments.formats import formats
from comments.formats.files import ImportFile
from tests.comments.formats import test_disqus as disqus
from tests.comments.formats import test_remark42_and_commento as json_formats
from tests.comments.formats import test_wordpress as wordpress

MOST = 4 * 1024 * 1024
TEXT = "word " * 200
COUNT = 10_000


def _disqus() -> str:
    return disqus.export(*(disqus.post(str(n), TEXT) for n in range(1, COUNT)))


def _wordpress() -> str:
    items = wordpress.export(wordpress.written("1", TEXT)).partition("<item>")
    head, item = items[0], "<item>" + items[2].partition("</channel>")[0]
    return head + item * (COUNT // 2) + "</channel></rss>"


def _remark42() -> bytes:
    plain = gzip.decompress(json_formats.backup(json_formats.remark("a", TEXT)))
    head, _, comment = plain.partition(b"\n")
    return head + (b"\n" + comment) * COUNT


def _commento() -> str:
    return json_formats.commento(*(json_formats.written(str(n), TEXT) for n in range(COUNT)))


@pytest.mark.parametrize("make", [_disqus, _wordpress, _remark42, _commento])
def test_memory_does_not_grow_with_the_file(make, tmp_path: Path) -> None:
    content = make()
    path = tmp_path / "export"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    del content
    assert path.stat().st_size > 2 * MOST
    _, reader = formats.detect_format(ImportFile(path))
    tracemalloc.start()
    read = sum(1 for _ in reader.read(ImportFile(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read > COUNT // 4
    assert peak < MOST
