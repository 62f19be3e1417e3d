"""`python -m ml.experiments`: training configurations compared, and sources left out."""

import csv
from pathlib import Path

import pytest

from ml import augment, experiments
from tests.ml.test_train import made_up


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(augment, "ROWS_PER_TEMPLATE_KIND", 60)
    monkeypatch.setattr(augment, "ROWS_PER_GROUP", 1)
    with (tmp_path / "made_up.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["text", "toxic", "source", "spam"])
        writer.writeheader()
        for row in made_up(300):
            writer.writerow(row | {"source": "jigsaw_wiki"})
        for row in made_up(301):
            text = f"thanks, {row['text']}"
            writer.writerow({"text": text, "spam": "0", "source": "mmistakes_blog"})
        for row in made_up(302):
            writer.writerow({"text": f"buy {row['text']}", "spam": "1", "source": "sms_spam"})
    return tmp_path


def test_a_training_configuration_is_a_table_row_of_metrics(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "every row weighs the same"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "every row" in line]
    *figures, wikipedia = lines[0].strip("| ").split(" | ")[1:]
    assert len(figures) == 4
    assert float(wikipedia) > 0.9


def test_a_left_out_source_is_used_to_judge_as_a_whole(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "English Wikipedia discussions"]) == 0
    assert "| English Wikipedia discussions | 150 / 300 | " in capsys.readouterr().out


def test_an_unknown_configuration_is_refused_with_the_known_ones(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "by magic"]) == 1
    assert "without templates" in capsys.readouterr().err
