"""Find an artifact's thresholds anew: `python -m ml.rethreshold --data DIR --artifact DIR`.

For other goals (`ml/thresholds.py`) over the same weights: the arrays, and with them the version,
stay as they are; thresholds, figures, proof and card are written anew. What only training knows is
kept, and so are the figures of alt-profanity-check. Then run `ml.context.fit_head`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ml import artifact, card, train

ROWS_OF_TRAINING = ("augmented", "near_copies")


def main(arguments: Sequence[str] | None = None) -> int:
    """Find, measure and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.rethreshold", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    options = parser.parse_args(arguments)
    try:
        before = artifact.load(options.artifact).manifest
    except artifact.ArtifactError as error:
        print(error, file=sys.stderr)
        return 1
    arrays = artifact.read_arrays(options.artifact)
    splits = train.split_rows(train.read_rows(options.data, Counter()))
    found = train.measured(arrays, before["categories"], splits, seed=before["seed"])
    details = with_what_is_kept(found, before)
    artifact.save(arrays, options.artifact, metadata=details, card=card.render(details))
    return 0


def with_what_is_kept(found: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new metadata with what only training, or a comparison, can tell."""
    rows = {name: before["rows"][name] for name in ROWS_OF_TRAINING}
    kept = {name: before[name] for name in ("parameters", "skipped")}
    details = {**found, **kept, "rows": {**found["rows"], **rows}}
    for category, sources in before["by_source"].items():
        for source, figures in sources.items():
            if "peer" in figures:
                details["by_source"][category][source]["peer"] = figures["peer"]
    return details


if __name__ == "__main__":
    sys.exit(main())
