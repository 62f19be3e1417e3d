"""`python -m ml.evaluate`: metrics by file, category and group, and those of the peer."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ml import evaluate

FAKE_PEER = "def predict_prob(texts):\n    return [float('stupid' in text) for text in texts]\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "made_up.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "toxic"])
        for _ in range(evaluate.MIN_ROWS_PER_CLASS):
            writer.writerow(["thanks for the nice article on gay people", "0"])
            writer.writerow(["you are a stupid idiot, gay people", "1"])
        writer.writerow(["I agree with you", "0"])
    return path


def metrics_of(
    saved: Path, data: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> dict[str, Any]:
    arguments = ["--artifact", str(saved), "--data", str(data), "--json", *more]
    assert evaluate.main(arguments) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)[data.name]
    return found


def test_a_category_has_metrics_with_intervals(
    saved: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = metrics_of(saved, data, capsys)
    found = figures["TOXICITY"]
    assert (found["positives"], found["negatives"]) == (50, 51)
    assert found["roc_auc"] == 1
    assert found["intervals"]["roc_auc"] == [1, 1]
    assert "SPAM" not in figures


def test_groups_that_are_mentioned_often_enough_have_metrics(
    saved: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = metrics_of(saved, data, capsys)["groups"]
    assert "en: gay people" in groups
    assert "en: women" not in groups
    assert groups["en: gay people"]["subgroup_auc"] == 1
    assert groups["en: gay people"]["hostile_held"] == 1


def test_the_peers_metrics_are_given_for_comparison(
    saved: Path,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "profanity_check.py").write_text(FAKE_PEER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = metrics_of(saved, data, capsys, "--peer", sys.executable)
    assert found["peer"] == {"roc_auc": 1, "average_precision": 1}


def test_a_missing_peer_gives_one_clear_line(
    saved: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--artifact", str(saved), "--data", str(data), "--peer", "/nowhere/python"]
    assert evaluate.main(arguments) == 1
    assert "pip install alt-profanity-check" in capsys.readouterr().err
