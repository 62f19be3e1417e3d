"""Benchmark: `python -m tests.benchmarks.classifier [--peer PYTHON] [FILE]`.

Prints how fast comments are scored, as ratios to alt-profanity-check on the same comments in the
same run, one core each, in processor time; PYTHON is one that has that library. FILE has a comment
on each line; without it they are made up from the templates of `ml.synthetic`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMENTS = 20_000

SPEED = """
import json, resource, sys, time
texts = json.load(open(sys.argv[1]))
started = time.perf_counter()
{setup}
loaded = time.perf_counter() - started
score(texts[:1])
def rate(rows):
    begun = time.process_time()
    for start in range(0, len(rows), 1000):
        score(rows[start:start + 1000])
    return len(rows) / (time.process_time() - begun)
half = len(texts) // 2
cold, warm = rate(texts[:half]), max(rate(texts[half:]) for _ in range(3))
def single(text):
    begun = time.process_time()
    score([text])
    return time.process_time() - begun
times = sorted(single(text) for text in texts[:500])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"load s": loaded, "batch first/s": cold, "batch again/s": warm,
                  "single ms": 1000 * times[250], "memory MB": memory}}))
"""
OURS = "from ml import artifact; score = artifact.load().score"
THEIRS = "from profanity_check import predict_prob as score"


def main() -> int:
    """Measure ours, and theirs if there is one, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(comments(options.file)))
        ours = measure(sys.executable, OURS, texts)
        theirs = measure(str(options.peer), THEIRS, texts) if options.peer else None
    for name, value in ours.items():
        beside = f"{theirs[name]:12.2f}  ratio {value / theirs[name]:.2f}" if theirs else ""
        sys.stdout.write(f"{name:14}{value:12.2f}{beside}\n")
    return 0


def comments(file: Path | None) -> list[str]:
    """Return the comments to score: those of the file, or made-up ones."""
    if file:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.strip()]
    from ml import synthetic

    return [row.text for row in synthetic.rows(per_kind=COMMENTS // 3, seed=1)][:COMMENTS]


def measure(python: str, setup: str, texts: Path) -> dict[str, float]:
    """Return the figures of one classifier, measured in a process of its own."""
    command = [python, "-c", SPEED.format(setup=setup), str(texts)]
    one_core = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **one_core}, capture_output=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    sys.exit(main())
