"""The released second reader serves, and whatever is wrong with it leaves the words in charge."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml import artifact
from ml.classifier import Classifier
from ml.context.artifact import (
    FILES,
    RELEASED,
    SecondReaderAway,
    load,
    open_classifier,
    save,
)
from ml.context.encoder import Encoder
from ml.context.second_reader import TwoReaders


@pytest.fixture(scope="module")
def words() -> Classifier:
    return artifact.load()


@pytest.fixture(scope="module")
def readers(words: Classifier) -> TwoReaders:
    return load(words)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "second_reader"
    shutil.copytree(RELEASED, folder)
    return folder


def change(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_it_is_opened_with_the_classifier(words: Classifier) -> None:
    opened = open_classifier()
    assert opened.second_reader_away == ""
    assert opened.classifier.version.startswith(f"{words.version}+")


def test_serving_does_not_load_what_training_needs() -> None:
    code = "import sys; from ml.context.artifact import open_classifier; open_classifier()"
    code += "; assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_is_small_enough_to_ship() -> None:
    assert sum((RELEASED / name).stat().st_size for name in FILES) < 25_000_000


def test_turned_off_the_words_decide_alone(words: Classifier) -> None:
    opened = open_classifier(second_reader=False)
    assert isinstance(opened.classifier, Classifier)
    assert opened.classifier.version == words.version
    assert opened.second_reader_away == ""


def test_a_sentence_reads_the_same_in_any_batch() -> None:
    encoder = Encoder(RELEASED)
    sentences = ["you are right", "go away", "a much longer sentence about nothing at all " * 5]
    together = encoder.log_odds(sentences * 10)
    for row, sentence in zip(together, sentences * 10, strict=True):
        assert row == pytest.approx(encoder.log_odds([sentence])[0], abs=1e-3)


def test_thresholds_lie_above_what_is_not_read_again(readers: TwoReaders) -> None:
    for category, doubt in readers.manifest["doubt_from"].items():
        assert doubt < readers.thresholds[category]["hold_at"] or doubt > 1


def test_nothing_is_rejected_on_its_word_alone(readers: TwoReaders) -> None:
    others = [name for name in readers.categories if name != "SPAM"]
    assert all(readers.thresholds[name]["reject_at"] > 1 for name in others)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(words: Classifier, copied: Path, name: str) -> None:
    (copied / name).write_bytes(b"something else")
    with pytest.raises(SecondReaderAway, match="not what was saved"):
        load(words, copied)


def test_one_that_gives_other_scores_is_refused(words: Classifier, copied: Path) -> None:
    proof = json.loads((copied / "manifest.json").read_text())["proof"]
    proof[3]["log_odds"][1] += 0.01
    change(copied, proof=proof)
    with pytest.raises(SecondReaderAway, match="other log odds"):
        load(words, copied)


def test_one_of_another_classifier_is_refused(words: Classifier, copied: Path) -> None:
    change(copied, made_for="another")
    with pytest.raises(SecondReaderAway, match="fit_head"):
        load(words, copied)


def test_one_of_another_format_is_refused(words: Classifier, copied: Path) -> None:
    change(copied, format=0)
    with pytest.raises(SecondReaderAway, match="format"):
        load(words, copied)


def test_an_unreadable_model_is_refused(words: Classifier, copied: Path) -> None:
    (copied / "encoder.onnx").write_bytes(b"no model")
    digests = json.loads((copied / "manifest.json").read_text())["sha256"]
    change(copied, sha256={**digests, "encoder.onnx": artifact.digest(copied / "encoder.onnx")})
    with pytest.raises(SecondReaderAway, match="can't be used"):
        load(words, copied)


def test_without_its_library_the_words_decide_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    opened = open_classifier()
    assert isinstance(opened.classifier, Classifier)
    assert "requirements-context.txt" in opened.second_reader_away


def test_a_missing_folder_leaves_the_words_in_charge(tmp_path: Path) -> None:
    opened = open_classifier(reader_path=tmp_path / "nothing")
    assert isinstance(opened.classifier, Classifier)
    assert "manifest" in opened.second_reader_away


def test_other_thresholds_are_another_version(copied: Path) -> None:
    facts = json.loads((copied / "manifest.json").read_text())
    raised = {name: {**limits, "hold_at": 0.99} for name, limits in facts["thresholds"].items()}
    for thresholds in (facts["thresholds"], raised):
        save(copied, metadata={**facts, "thresholds": thresholds})
        same = json.loads((copied / "manifest.json").read_text())["version"] == facts["version"]
        assert same == (thresholds == facts["thresholds"])
