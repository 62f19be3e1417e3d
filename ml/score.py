"""Score lines: `python -m ml.score [--artifact DIR] [--words-alone] < lines.jsonl > scores.jsonl`.

Each line is a JSON object with `text` and optional `author_name`, `author_url`, `author_email`; the
output adds `scores` and `classifier_version` to it. An invalid line gives an object with `error`.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

from ml import artifact
from ml.classifier import Classifier
from ml.context.artifact import open_classifier
from ml.context.second_reader import TwoReaders

CHUNK_BYTES = 1 << 18


def main(arguments: Sequence[str] | None = None) -> int:
    """Score standard input; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.score", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    parser.add_argument("--words-alone", action="store_true", help="ask no second reader")
    options = parser.parse_args(arguments)
    try:
        opened = open_classifier(options.artifact, second_reader=not options.words_alone)
    except artifact.ArtifactError as error:
        print(error, file=sys.stderr)
        return 1
    if opened.second_reader_away:
        print(opened.second_reader_away, file=sys.stderr)
    for batch in read_available_lines(sys.stdin.buffer):  # type: ignore[arg-type]
        print("\n".join(score_lines(opened.classifier, batch)), flush=True)
    return 0


def read_available_lines(stream: BufferedReader) -> Iterator[list[bytes]]:
    """Yield the complete lines that have arrived, so that a single line is answered at once."""
    incomplete = b""
    while chunk := stream.read1(CHUNK_BYTES):
        *lines, incomplete = (incomplete + chunk).split(b"\n")
        if lines:
            yield lines
    if incomplete:
        yield [incomplete]


def score_lines(classifier: Classifier | TwoReaders, lines: Iterable[bytes]) -> Iterator[str]:
    """Yield a line of JSON for each line, in their order; all are scored in one batch."""
    batch = [_parse(line) for line in lines]
    scores = iter(classifier.score([parsed for parsed in batch if "error" not in parsed]))
    for parsed in batch:
        if "error" not in parsed:
            parsed["scores"] = next(scores)
            parsed["classifier_version"] = classifier.version
        yield json.dumps(parsed)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"This line is no JSON: {error}"}
    if not isinstance(parsed, dict) or not isinstance(parsed.get("text"), str):
        return {"error": "A line must be an object with a “text” that is a string."}
    parsed.pop("error", None)
    return parsed


if __name__ == "__main__":
    sys.exit(main())
