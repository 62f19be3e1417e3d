"""Artifacts: saved, loaded, and refused with a line that says what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml import artifact
from ml.artifact import ArtifactCorrupt, ArtifactIncompatible, ArtifactMissing
from ml.classifier import Classifier
from ml.pipeline import CommentClassifier
from ml.train import to_arrays

RECORDS = ["you stupid idiot", "thanks a lot", {"text": "buy watches", "author_name": "Loans"}]


def change(saved: Path, **changes: Any) -> None:
    path = saved / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_loaded_classifier_scores_like_the_estimator(
    classifier: Classifier, estimator: CommentClassifier
) -> None:
    expected = estimator.predict_proba(RECORDS)
    scores = [list(row.values()) for row in classifier.score(RECORDS)]
    np.testing.assert_allclose(scores, expected, atol=2e-3)


def test_the_same_classifier_gives_the_same_bytes(
    estimator: CommentClassifier, saved: Path, tmp_path: Path
) -> None:
    facts = {"categories": ["SPAM", "TOXICITY"], "thresholds": {}}
    again = artifact.save(to_arrays(estimator), tmp_path / "again", metadata=facts)
    assert (again / "classifier.npz").read_bytes() == (saved / "classifier.npz").read_bytes()


def test_a_missing_artifact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match=r"python -m ml\.train"):
        artifact.load(tmp_path)


def test_changed_arrays_are_refused(saved: Path) -> None:
    path = saved / "classifier.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ArtifactCorrupt, match="not what was saved"):
        artifact.load(saved)


def test_truncated_arrays_are_refused(saved: Path) -> None:
    path = saved / "classifier.npz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ArtifactCorrupt):
        artifact.load(saved)


def test_a_truncated_manifest_is_refused(saved: Path) -> None:
    path = saved / "manifest.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(ArtifactCorrupt):
        artifact.load(saved)


def test_another_format_version_is_refused(saved: Path) -> None:
    change(saved, format=1)
    with pytest.raises(ArtifactIncompatible, match="format"):
        artifact.load(saved)


def test_other_versions_are_no_obstacle_where_the_scores_are_the_same(saved: Path) -> None:
    change(saved, environment={"scikit-learn": "99.1.0", "numpy": "0.1", "unicode": "1.0"})
    assert artifact.load(saved).version


def test_other_scores_than_recorded_are_refused_with_the_versions_that_differ(saved: Path) -> None:
    proof = json.loads((saved / "manifest.json").read_text())["proof"]
    proof[5]["scores"]["SPAM"] += 2e-6
    change(saved, proof=proof, environment={"numpy": "0.1"})
    with pytest.raises(ArtifactIncompatible, match=r"numpy 0\.1 there"):
        artifact.load(saved)


def test_an_artifact_carries_a_few_dozen_texts_with_their_scores(saved: Path) -> None:
    proof = json.loads((saved / "manifest.json").read_text())["proof"]
    assert len(proof) > 30
    assert all(set(case["scores"]) == {"SPAM", "TOXICITY"} for case in proof)


@pytest.mark.parametrize("content", ["[]", "null", "{}", "9" * 5000, "[" * 100_000])
def test_a_manifest_of_another_shape_is_refused(saved: Path, content: str) -> None:
    (saved / "manifest.json").write_text(content)
    with pytest.raises(artifact.ArtifactError):
        artifact.load(saved)


def test_pickled_arrays_are_refused(saved: Path) -> None:
    np.savez(saved / "classifier.npz", weights=np.array([object()], dtype=object))
    change(saved, sha256=artifact.digest(saved / "classifier.npz"))
    with pytest.raises(ArtifactCorrupt):
        artifact.load(saved)


def test_the_released_artifact_is_small_and_loads_without_scikit_learn() -> None:
    assert (artifact.RELEASED / "classifier.npz").stat().st_size < 25_000_000
    code = (
        "import sys; from ml import artifact; artifact.load(); assert 'sklearn' not in sys.modules"
    )
    root = Path(artifact.__file__).parent.parent
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_the_released_classifier_tells_a_calm_comment_from_an_insult() -> None:
    classifier = artifact.load()
    insult, calm = classifier.score(["you are a stupid idiot", "thanks, that helped me a lot"])
    assert insult["TOXICITY"] >= classifier.thresholds["TOXICITY"]["hold_at"]
    for category, limits in classifier.thresholds.items():
        assert calm[category] < limits["hold_at"]
        assert limits["hold_at"] <= limits["reject_at"]
