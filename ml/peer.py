"""alt-profanity-check, the peer beside which our figures are put; never needed to serve.

It pins a scikit-learn of its own, so it lives in a Python environment of its own, which is asked.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NAME = "alt-profanity-check"
ASK = """
import json, sys
from profanity_check import predict_prob
texts = json.load(sys.stdin)
step = 5000
found = [float(p) for i in range(0, len(texts), step) for p in predict_prob(texts[i:i + step])]
json.dump(found, sys.stdout)
"""


class PeerMissing(Exception):
    """The peer can't be asked; the message says what to do."""


def probabilities(python: Path, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the peer's probability that each text is offensive, of shape (texts,).

    `python` is one that has alt-profanity-check. Raises PeerMissing when it does not answer.
    """
    written = json.dumps([text.encode("utf-8", "replace").decode() for text in texts])
    try:
        done = subprocess.run(  # noqa: S603 (the caller's own Python)
            [str(python), "-c", ASK], input=written, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PeerMissing(
            f"{python} can't be asked for {NAME}: {error}. `{python} -m pip install {NAME}`?"
        ) from None
    return np.array(json.loads(done.stdout), float)
