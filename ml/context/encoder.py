"""Run the encoder: sentences in, log odds out, by ONNX Runtime on one thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.context.english import COMMON_WORDS_FILE, English
from ml.context.pieces import PADDING_ID, Pieces

MODEL_FILE, VOCABULARY_FILE = "encoder.onnx", "vocab.txt"
# Sentences that are read at once, so that memory stays bounded.
BATCH = 16
# What a run costs beside its word pieces, in the time of so many of them.
RUN = 12


class EncoderMissing(Exception):
    """The library that runs the encoder is not installed; the message says what to do."""


class Encoder:
    """Reads sentences, those of like length together, so that little is padded. Thread-safe.

    The weights are stored in eight bits and multiplied as floats. So a score does not depend on
    what the processor does with eight bits, nor on the other sentences that are read at once.

    Raises EncoderMissing, and the runtime's own exceptions for a file that it can't read.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise EncoderMissing(
                f"onnxruntime is not there ({error}): pip install -r requirements-context.txt"
            ) from None
        options = onnxruntime.SessionOptions()
        # A worker is one of many processes; threads of its own would be in their way.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = Pieces(folder / VOCABULARY_FILE)
        self._english = English(self._pieces, folder / COMMON_WORDS_FILE)

    def log_odds(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Return the log odds of each category, of shape (sentences, categories)."""
        ids = [self._pieces.ids(sentence) for sentence in sentences]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        runs = [order[run] for run in cheapest_runs([len(ids[at]) for at in order])]
        results = [self._run([ids[at] for at in run]) for run in runs]
        found = np.concatenate([np.zeros((0, self.categories)), *results])
        return found[np.argsort(order)] if order else found

    def can_read(self, sentence: str) -> bool:
        """Return whether a sentence is in the language that the encoder knows."""
        return self._english.is_language_of(sentence)

    @property
    def categories(self) -> int:
        """The number of categories."""
        return int(self._session.get_outputs()[0].shape[1])

    def _run(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        inputs = np.full((len(ids), max(map(len, ids))), PADDING_ID, np.int64)
        mask = np.zeros_like(inputs)
        for row, of_row in enumerate(ids):
            inputs[row, : len(of_row)] = of_row
            mask[row, : len(of_row)] = 1
        (logits,) = self._session.run(None, {"ids": inputs, "mask": mask})
        return np.asarray(logits, np.float64)


def cheapest_runs(lengths: Sequence[int]) -> list[slice]:
    """Return how to cut sentences, in ascending order of their lengths, into runs that cost least.

    In a run all are padded to its longest. Of each beginning of the list, the cheapest way to cut
    it ends with a run of at most BATCH (dynamic programming).
    """
    costs, starts = [0], []
    for end, longest in enumerate(lengths, start=1):
        cost, start = min(
            (costs[start] + RUN + longest * (end - start), start)
            for start in range(max(0, end - BATCH), end)
        )
        costs.append(cost)
        starts.append(start)
    runs, end = [], len(lengths)
    while end:
        runs.append(slice(starts[end - 1], end))
        end = starts[end - 1]
    return runs[::-1]
