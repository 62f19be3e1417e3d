"""The head is fitted on both judgements, and doubt begins where few calm comments are."""

from pathlib import Path

import numpy as np
import pytest

from ml.context import head, regression
from ml.context.doubt import MAX_CALM_SHARE, doubt_from
from ml.context.fit_head import MAX_ROWS_PER_SOURCE, sample
from ml.context.memory import Remembering
from ml.dataset import Row
from tests.ml.context.conftest import OneWordEncoder


def test_the_head_trusts_the_judgement_that_is_right() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (4000, 1)).astype(np.float32)
    right, wrong = 2 * labels - 1 + rng.normal(size=(4000, 1)), rng.normal(size=(4000, 1))
    fitted = regression.fit(wrong, right, labels, np.ones_like(labels), [(0, 1)])
    assert abs(fitted.weights[0, 0]) < 0.5 < fitted.weights[0, 1]
    assert fitted.probabilities(wrong, right)[labels[:, 0] == 1].mean() > 0.7


def test_rows_without_a_label_teach_nothing() -> None:
    labels = np.array([[1], [0], [np.nan], [np.nan]] * 20, np.float32)
    scores = np.array([[3.0], [-3.0], [-3.0], [3.0]] * 20)
    fitted = regression.fit(scores, scores, labels, np.ones_like(labels), [(0, 1)])
    assert fitted.weights[0].sum() > 0


def test_a_head_survives_its_manifest() -> None:
    first = head.Head(np.arange(8.0).reshape(2, 4), np.array([1.0, 2.0]))
    again = head.Head.from_json(first.to_json())
    np.testing.assert_array_equal(first.weights, again.weights)
    np.testing.assert_array_equal(first.biases, again.biases)


def test_doubt_begins_above_most_calm_comments_and_never_with_spam() -> None:
    scores = np.linspace(0, 1, 1001)[:, None].repeat(2, axis=1)
    found = doubt_from(scores, ("SPAM", "TOXICITY"))
    assert (scores[:, 1] >= found["TOXICITY"]).mean() == pytest.approx(MAX_CALM_SHARE, abs=0.01)
    assert found["SPAM"] > 1


def test_a_large_source_does_not_crowd_out_the_others() -> None:
    rows = [Row(str(n), {"TOXICITY": True}, "large") for n in range(1000)]
    rows += [Row("x", {"TOXICITY": True}, "small")]
    assert len(sample(rows)) == MAX_ROWS_PER_SOURCE + 1


def test_a_sentence_is_read_once(encoder: OneWordEncoder, tmp_path: Path) -> None:
    file = tmp_path / "memory.npz"
    remembering = Remembering(encoder, file)
    remembering.log_odds(["wretch", "wretch", "hello"])
    remembering.save()
    again = Remembering(OneWordEncoder(), file).log_odds(["hello", "wretch"])
    assert sorted(encoder.read) == ["hello", "wretch"]
    assert again.tolist() == [[0.0, -4.0], [0.0, 4.0]]
