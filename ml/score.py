"""Score lines: `python -m ml.score [--artifact DIR] < lines.jsonl > scores.jsonl`.

Each line is a JSON object with `text` and perhaps `author_name`, `author_url`; it comes out with
`scores` and `classifier_version`. A line that can't be read comes out with `error`.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ml import artifact
from ml.artifact import Classifier

BATCH = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Score standard input; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.score", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    options = parser.parse_args(arguments)
    try:
        classifier = artifact.load(options.artifact)
    except artifact.ArtifactError as error:
        print(error, file=sys.stderr)
        return 1
    for line in score(classifier, sys.stdin.buffer):
        print(line)
    return 0


def score(classifier: Classifier, lines: Iterable[bytes]) -> Iterator[str]:
    """Yield a line of JSON for each line that comes in, in their order, a batch at a time."""
    remaining = iter(lines)
    while batch := [_parse(line) for line in islice(remaining, BATCH)]:
        good = [parsed for parsed in batch if "error" not in parsed]
        scores = iter(classifier.score(good))
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
