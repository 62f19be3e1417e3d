"""The process that parses a file ends, whatever the file does to it, and takes nobody along."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportNote, Item
from comments.formats.sandbox import limits, messages, reader
from comments.formats.sandbox.reader import ReaderDied
from tests.comments.formats.hostile import Row, disqus, native
from tests.services.processes import ROOT, wait_for

# A name of a megabyte, which each element has anew: hours of computing.
NAMESPACE = "n:" + "u" * 1_000_000


@pytest.fixture
def endless(tmp_path: Path) -> ImportFile:
    path = tmp_path / "endless"
    head = '<disqus xmlns="http://disqus.com" xmlns:dsq="d"><forum/>' + " " * 70_000
    path.write_text(f'{head}<a xmlns:z="{NAMESPACE}">' + "<z:a/>" * 1_000_000 + "</a></disqus>")
    return ImportFile(path)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(original(*args, **options))
        return started[-1]

    original = reader._start
    monkeypatch.setattr(reader, "_start", start)
    return started


def read(source: ImportFile) -> list[Item]:
    with reader.opened(source) as reading:
        return list(reading.items())


def test_computing_without_end_is_ended_by_the_system(
    endless: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1)
    monkeypatch.setattr(limits, "SECONDS_PER_MEBIBYTE", 0)
    monkeypatch.setattr(reader, "PATIENCE", 600)
    with pytest.raises(UnreadableFile, match="more computing time"):
        read(endless)


def test_waiting_without_end_is_ended_by_the_reader(
    endless: ImportFile, monkeypatch: pytest.MonkeyPatch, children: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(reader, "PATIENCE", 0)
    with pytest.raises(UnreadableFile, match="more time"):
        read(endless)
    assert children[0].returncode == -signal.SIGKILL


def test_a_file_that_wants_all_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_bytes(b'{"users":[],"posts":[' + b"[]," * 16_000_000 + b"[]]}\n")
    with pytest.raises(UnreadableFile, match="more memory"):
        read(ImportFile(path))


def test_a_process_that_is_killed_may_be_tried_again(
    tmp_path: Path, children: list[subprocess.Popen[bytes]]
) -> None:
    path = tmp_path / "export"
    native([Row(n, text="x" * 1000) for n in range(2000)], path)
    with reader.opened(ImportFile(path)) as reading:
        items = reading.items()
        next(items)
        os.kill(children[0].pid, signal.SIGKILL)
        with pytest.raises(ReaderDied):
            list(items)


def test_who_leaves_early_leaves_no_process_behind(
    endless: ImportFile, children: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled() -> None:
        raise KeyError("cancelled")

    monkeypatch.setattr(reader, "WAIT", 0.1)
    with pytest.raises(KeyError), reader.opened(endless, while_waiting=cancelled) as reading:
        list(reading.items())
    assert children[0].returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_the_process_ends_with_its_parent(endless: ImportFile) -> None:
    program = f"""
        from pathlib import Path
        from comments.formats.files import ImportFile
        from comments.formats.sandbox import reader
        source = ImportFile(Path({str(endless.path)!r}))
        process = reader._start(source, "auto", cpu_seconds=100)
        print(process.pid, flush=True)
        reader.os.read(0, 1)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    wait_for(lambda: _has_ended(child), seconds=60, what="the end of the process")


def _has_ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is needed")
def test_the_process_knows_no_secrets(
    endless: ImportFile,
    children: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMAIL_KEYS", "a-key")
    environment = b""

    def look() -> None:
        nonlocal environment
        environment = Path(f"/proc/{children[0].pid}/environ").read_bytes()
        raise InterruptedError

    monkeypatch.setattr(reader, "WAIT", 0.5)
    with pytest.raises(InterruptedError), reader.opened(endless, while_waiting=look):
        pass
    assert environment
    assert b"SECRET" not in environment
    assert b"EMAIL_KEYS" not in environment


def test_the_process_can_write_no_file(tmp_path: Path) -> None:
    program = f"""
        import os
        from comments.formats.sandbox import limits
        limits.confine(cpu_seconds=10, parent=os.getppid())
        os.write(os.open({str(tmp_path / "x")!r}, os.O_CREAT | os.O_WRONLY), b"x")
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert (tmp_path / "x").stat().st_size == 0


def test_what_the_process_says_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export"
    disqus([Row(1)], path)
    monkeypatch.setattr(messages, "MAX_LINE", 10)
    monkeypatch.setattr(reader, "CHUNK", 16)
    with pytest.raises(UnreadableFile, match="makes no sense"):
        read(ImportFile(path))


def test_time_that_the_receiver_takes_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export"
    native([Row(n) for n in range(3)], path)
    with reader.opened(ImportFile(path)) as reading:
        before = time.monotonic()
        items = reading.items()
        next(items)
        monkeypatch.setattr(time, "monotonic", lambda: before + 10**6)
        assert len(list(items)) == 2


def test_paths_without_their_site_and_a_file_without_comments_are_said(tmp_path: Path) -> None:
    path = tmp_path / "export"
    for content, says in (
        ('[{"id": "/a", "title": "", "comments": []}]', "no comment was found in it"),
        ("id,page,date,text\n1,/a,2020-01-01,Hi\n", "with --base-url"),
    ):
        path.write_text(content)
        with reader.opened(ImportFile(path), "auto") as reading:
            assert says in str(list(reading.items()))
        with reader.opened(ImportFile(path, "https://gazette.example"), "auto") as reading:
            assert "--base-url" not in str(list(reading.items()))


def test_an_encoding_that_was_recognised_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes("id,page,date,text\n1,/a,2020-01-01,Привет как дела".encode("cp1251"))
    with reader.opened(ImportFile(path, "https://gazette.example"), "auto") as reading:
        (note,) = (item for item in reading.items() if isinstance(item, ImportNote))
    assert note.message == "it is not in UTF-8, and was read as cp1251"
