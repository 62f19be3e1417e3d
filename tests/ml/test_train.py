"""Training on made-up rows: reproducible, with partial labels masked and invalid lines counted."""

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from ml import (
    artifact,
    augment,
    dataset,
    evaluate,
    metadata,
    recipe,
    rethreshold,
    thresholds,
    train,
)
from ml.dataset import Row

HARMFUL = ("stupid", "idiot", "moron", "pathetic", "loser")
CALM = ("garden", "python", "server", "recipe", "weather", "bicycle", "thanks", "article", "laptop")
PLACES = ("Rome", "Oslo", "Lima", "Cairo", "Perth", "Kyoto", "Quito", "Delhi")


def made_up(number: int) -> list[dict[str, str]]:
    rng = random.Random(number)
    rows = []
    for index in range(number):
        toxic = index % 2
        words = rng.choices(CALM + PLACES, k=8) + rng.choices(HARMFUL, k=2) * toxic
        rng.shuffle(words)
        rows.append({"text": " ".join(words), "toxic": str(toxic), "source": "made_up"})
    return rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with (folder / "made_up.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["text", "toxic", "source"])
        writer.writeheader()
        writer.writerows(made_up(400))
        writer.writerow({"text": "hello", "toxic": "perhaps", "source": "made_up"})
        writer.writerow({"text": " ", "toxic": "0", "source": "made_up"})
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "MIN_POSITIVES", 50)
    monkeypatch.setattr(augment, "ROWS_PER_TEMPLATE_KIND", 60)
    monkeypatch.setattr(augment, "ROWS_PER_GROUP", 1)
    monkeypatch.setattr("ml.audit.ROWS_PER_GROUP", 2)
    monkeypatch.setattr("ml.thresholds.ROWS_PER_TEMPLATE_KIND", 60)
    monkeypatch.setattr("ml.usage.NAMES_TRIED", 200)
    monkeypatch.setattr("ml.usage.NAMES_MEASURED", 200)


def test_the_same_data_and_seed_give_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert train.main(["--data", str(data), "--out", str(tmp_path / name)]) == 0
    for name in ("classifier.npz", "manifest.json", "card.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_vocabulary_does_not_depend_on_the_order_of_sets() -> None:
    code = (
        "from ml import train; from ml.dataset import Row; train.MAX_WORDS = 5;"
        "rows = [Row('one two three four five six seven eight', {}, s) for s in 'abc'];"
        "print(train.frequent_words(rows))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(train.__file__).parent.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_a_trained_classifier_separates_toxic_from_calm_rows(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train.main(["--data", str(data), "--out", str(tmp_path / "out")])
    arguments = ["--artifact", str(tmp_path / "out"), "--data", str(data / "made_up.csv")]
    assert evaluate.main([*arguments, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["made_up.csv"]["TOXICITY"]["roc_auc"] > 0.95
    assert evaluate.main(arguments) == 0
    assert "hold_at" in capsys.readouterr().out


def test_the_card_has_every_source_and_the_peers_metrics(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = "def predict_prob(texts):\n    return [float('idiot' in text) for text in texts]\n"
    (tmp_path / "profanity_check.py").write_text(fake)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(metadata, "MIN_ROWS_PER_CLASS", 5)
    arguments = ["--data", str(data), "--out", str(tmp_path / "out"), "--peer", sys.executable]
    assert train.main(arguments) == 0
    found = artifact.load(tmp_path / "out").manifest["by_source"]["TOXICITY"]["made_up"]
    assert found["ours"]["roc_auc"] > found["peer"]["roc_auc"] > 0.5
    assert "alt-profanity-check" in (tmp_path / "out" / "card.md").read_text()


def test_the_validation_split_of_experiments_is_fitted_on_in_the_end() -> None:
    rows = [Row(row["text"], {}, "made_up") for row in made_up(300)]
    parts = train.split_rows(rows)
    assert parts.keys() == {"fit", "calibrate", "test"}
    assert sum(map(len, parts.values())) == 300
    assert any(dataset.split_of(row.text) == "choose" for row in parts["fit"])


def test_bad_lines_are_counted_and_reported(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train.main(["--data", str(data), "--out", str(tmp_path / "out")])
    manifest = artifact.load(tmp_path / "out").manifest
    assert manifest["skipped"] == {
        "made_up.csv: a label that is no number": 1,
        "made_up.csv: a row without text": 1,
    }
    assert "Skipped 1" in capsys.readouterr().err


def test_a_category_with_too_few_positives_is_absent(data: Path, tmp_path: Path) -> None:
    train.main(["--data", str(data), "--out", str(tmp_path / "out")])
    assert artifact.load(tmp_path / "out").categories == ("TOXICITY",)


def test_too_little_data_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(["--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "too little" in capsys.readouterr().err


def test_a_missing_label_is_nan_and_weighs_nothing() -> None:
    rows = [Row("a", {"SPAM": True}, "x"), Row("b", {"TOXICITY": False}, "x")]
    labels = recipe.label_matrix(rows, ["SPAM", "TOXICITY"])
    assert [[str(v) for v in row] for row in labels] == [["1.0", "nan"], ["nan", "0.0"]]
    assert (recipe.weight_matrix(rows, ["SPAM", "TOXICITY"]) == 0).sum() == 2


def test_two_rows_joined_are_harmful_when_one_is() -> None:
    either = augment._merged_labels(
        Row("a", {"SPAM": True, "TOXICITY": False}, "x"), Row("b", {"TOXICITY": False}, "x")
    )
    assert either == {"SPAM": True, "TOXICITY": False}


def test_the_same_goals_give_the_same_artifact(data: Path, tmp_path: Path) -> None:
    train.main(["--data", str(data), "--out", str(tmp_path)])
    files = ("classifier.npz", "manifest.json", "card.md")
    before = [(tmp_path / name).read_bytes() for name in files]
    assert rethreshold.main(["--data", str(data), "--artifact", str(tmp_path)]) == 0
    assert [(tmp_path / name).read_bytes() for name in files] == before


def test_other_goals_give_other_thresholds_for_the_same_weights(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train.main(["--data", str(data), "--out", str(tmp_path)])
    weights, before = (tmp_path / "classifier.npz").read_bytes(), artifact.load(tmp_path)
    monkeypatch.setattr(thresholds, "CALM_LIMITS", dict.fromkeys(thresholds.CALM_LIMITS, 0.0))
    assert rethreshold.main(["--data", str(data), "--artifact", str(tmp_path)]) == 0
    after = artifact.load(tmp_path)
    assert (tmp_path / "classifier.npz").read_bytes() == weights
    assert after.version == before.version
    assert after.thresholds["TOXICITY"]["hold_at"] > before.thresholds["TOXICITY"]["hold_at"]
    assert after.manifest["parameters"] == before.manifest["parameters"]
