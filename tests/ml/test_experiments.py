"""`python -m ml.experiments`: ways to train, compared; sources, left out and judged by."""

import csv
from pathlib import Path

import pytest

from ml import augment, experiments
from tests.ml.test_train import made_up


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(augment, "TEMPLATES_EACH", 60)
    monkeypatch.setattr(augment, "IDENTITIES_EACH", 1)
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


def test_a_way_to_train_is_a_line_of_figures(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "every row weighs the same"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "every row" in line]
    *figures, wikipedia = lines[0].strip("| ").split(" | ")[1:]
    assert len(figures) == 4
    assert float(wikipedia) > 0.9


def test_a_source_left_out_is_judged_by_as_a_whole(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "English Wikipedia discussions"]) == 0
    assert "| English Wikipedia discussions | 150 / 300 | " in capsys.readouterr().out


def test_an_unknown_way_is_refused_with_those_there_are(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert experiments.main(["--data", str(data), "by magic"]) == 1
    assert "without templates" in capsys.readouterr().err
