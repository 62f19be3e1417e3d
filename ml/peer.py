"""The peer, alt-profanity-check: a baseline to compare our metrics with; never needed to serve.

It pins a scikit-learn of its own, so it runs in a separate Python environment, as a subprocess.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NAME = "alt-profanity-check"
SCRIPT = """
import json, sys
from profanity_check import predict_prob
texts = json.load(sys.stdin)
step = 5000
found = [float(p) for i in range(0, len(texts), step) for p in predict_prob(texts[i:i + step])]
json.dump(found, sys.stdout)
"""


class PeerUnavailable(Exception):
    """The peer can't be run; the message says what to do."""


def probabilities(python: Path, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the peer's probability that each text is offensive, of shape (texts,).

    `python` is an interpreter that has alt-profanity-check. Raises PeerUnavailable.
    """
    payload = json.dumps([text.encode("utf-8", "replace").decode() for text in texts])
    try:
        process = subprocess.run(  # noqa: S603 (the caller's own Python)
            [str(python), "-c", SCRIPT], input=payload, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PeerUnavailable(
            f"{python} can't be asked for {NAME}: {error}. `{python} -m pip install {NAME}`?"
        ) from None
    return np.array(json.loads(process.stdout), float)
