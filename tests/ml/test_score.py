"""`python -m ml.score`: one line out for every line in."""

import io
import json
import subprocess
import sys
from pathlib import Path

import ml
from ml import score
from ml.classifier import Classifier

ROOT = Path(ml.__file__).parent.parent


def run(saved: Path, content: bytes) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "ml.score", "--artifact", str(saved)]
    done = subprocess.run(command, input=content, capture_output=True, check=True, cwd=ROOT)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_comes_back_in_its_place_and_a_bad_one_with_its_error(saved: Path) -> None:
    lines = [
        b'{"text": "hello", "id": 1}', b"nonsense", b"", b"[]", b'{"text": 7}', b"\xff\xfe",
        b'{"text": "\\ud800 \\u0000"}', b"[" * 100_000, b'{"text": "bye", "error": "old"}',
    ]  # fmt: skip
    out = run(saved, b"\n".join(lines))
    assert ["scores" in row for row in out] == [True, *[False] * 5, True, False, True]
    assert ["error" in row for row in out] == [False, *[True] * 5, False, True, False]
    assert out[0]["id"] == 1
    assert out[0]["classifier_version"] == out[-1]["classifier_version"]


def test_no_input_gives_no_output(saved: Path) -> None:
    assert run(saved, b"") == []


def test_a_missing_artifact_is_one_clear_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ml.score", "--artifact", str(tmp_path)]
    done = subprocess.run(command, input=b"", capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_single_line_is_answered_before_the_next_is_written(saved: Path) -> None:
    command = [sys.executable, "-m", "ml.score", "--artifact", str(saved)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        for text in ("one", "two"):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()


def test_lines_that_arrive_in_parts_are_joined(classifier: Classifier) -> None:
    class Dripping(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(3)

    batches = list(score.read_available_lines(Dripping(b"first\nsecond\nthird")))  # type: ignore[arg-type]
    assert [line for batch in batches for line in batch] == [b"first", b"second", b"third"]
