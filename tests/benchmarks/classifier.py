"""Benchmark: `python -m tests.benchmarks.classifier [FILE]`, a text on each line of FILE.

Prints how fast comments are scored, as ratios to alt-profanity-check on the same comments in the
same run, one core each, in processor time. That library is installed for the occasion into a
folder of its own. Without FILE the comments are made up from the templates of `ml.synthetic`.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEER = "alt-profanity-check"
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
    """Measure both and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(comments()))
        ours = measure(sys.executable, OURS, texts)
        peer = peer_python(Path(folder))
        theirs = measure(peer, THEIRS, texts) if peer else None
    for name, value in ours.items():
        beside = f"{theirs[name]:12.2f}  ratio {value / theirs[name]:.2f}" if theirs else ""
        sys.stdout.write(f"{name:14}{value:12.2f}{beside}\n")
    if not theirs:
        sys.stderr.write(f"{PEER} can't be installed here (no package index?): no ratios.\n")
    return 0


def comments() -> list[str]:
    """Return the comments to score: those of the file, or made-up ones."""
    if len(sys.argv) > 1:
        lines = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.strip()]
    from ml import synthetic

    return [row.text for row in synthetic.rows(each=COMMENTS // 3, seed=1)]


def measure(python: str, setup: str, texts: Path) -> dict[str, float]:
    """Return the figures of one classifier, measured in a process of its own."""
    command = [python, "-c", SPEED.format(setup=setup), str(texts)]
    one_core = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **one_core}, capture_output=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def peer_python(folder: Path) -> str | None:
    """Return a Python that has the peer, or None when it can't be installed."""
    cache = Path(os.environ.get("BENCH_PEER", folder / "peer"))
    python = cache / "bin" / "python"
    if not python.exists():
        venv.create(cache, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", PEER]
        if subprocess.run(install, check=False).returncode:
            return None
    return str(python)


if __name__ == "__main__":
    sys.exit(main())
