"""Benchmark: what a site's decisions are worth, on sources that the shipped classifier never saw.

`python -m tests.benchmarks.learning [--river PYTHON] [FILE:COLUMN …]` replays labelled files in a
fixed random order, as if moderators decided one after the other. After so many decisions it judges
the same last part of the stream: by the shipped classifier; by what has passed the gate until then;
by scikit-learn from scratch, bogofilter, and two online learners of river (in a Python of its own).
Then what is learned by moderators who have time for one comment in four, by the order of the queue
that they take them in; and under attack. A brigade of reports is no row: no report ever teaches.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import numpy as np

POINTS = (50, 200, 1000, 5000)
ORDER_POINTS = (50, 100, 200, 300, 400, 1000)
TESTED = 1000
# Seconds: to decide about a comment that is held, and to find and take down one that was missed.
HELD, MISSED = 10, 60
# Of an online learner's state nothing must leak from one point to the next: it reads all again.
RIVER = """
import json, sys
from river import compose, feature_extraction, linear_model, naive_bayes
job = json.load(sys.stdin)
models = {
    "river, naive Bayes": naive_bayes.MultinomialNB(),
    "river, logistic regression": linear_model.LogisticRegression(),
}
for name, model in models.items():
    model = compose.Pipeline(feature_extraction.BagOfWords(lowercase=True), model)
    points, told = set(job["points"]), {}
    for number, (text, harmful) in enumerate(job["stream"], 1):
        model.learn_one(text, harmful)
        if number in points:
            told[number] = [bool(model.predict_one(text)) for text in job["tested"]]
    print(json.dumps([name, told]))
"""


class Stream(NamedTuple):
    """Texts with whether each is harmful: those to learn from, and those to judge."""

    texts: Sequence[str]
    harmful: Sequence[bool]
    tested: Sequence[str]
    truth: np.ndarray


def read(path: Path, column: str) -> Stream:
    """Return the labelled rows of a file as a stream; as many harmful as harmless at most."""
    csv.field_size_limit(10**8)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = {r["text"]: float(r[column]) >= 0.5 for r in csv.DictReader(file) if r[column]}
    rng = np.random.default_rng(0)
    shuffled = [list(rows.items())[i] for i in rng.permutation(len(rows))]
    stream = [shuffled[i] for i in _balanced([kind for _, kind in shuffled], rng)]
    texts, harmful = zip(*stream, strict=True)
    cut = len(stream) - min(TESTED, len(stream) // 3)
    return Stream(texts[:cut], harmful[:cut], texts[cut:], np.array(harmful[cut:]))


def _balanced(kinds: Sequence[bool], rng: np.random.Generator) -> list[int]:
    """Return the rows to keep, in their order: of either kind 1.5 times the other's at most.

    Which are left out is drawn, so that both kinds are spread over the whole stream.
    """
    of = {kind: np.flatnonzero(np.array(kinds) == kind) for kind in (True, False)}
    kept = [rng.permutation(rows)[: int(1.5 * len(of[not kind]))] for kind, rows in of.items()]
    return sorted(int(i) for rows in kept for i in rows)


def flipped(lessons: Sequence[Any]) -> list[Any]:
    """Return lessons of which one account gives one in twenty, and each of them wrongly."""
    return [
        one._replace(lesson=_wrong(one.lesson), giver="person 2") if number % 20 == 10 else one
        for number, one in enumerate(lessons)
    ]


def with_stolen_key(lessons: Sequence[Any]) -> list[Any]:
    """Return lessons among which a key labels wrongly as many texts of a day as count of one."""
    from moderation.screening.learning.dataset import MAX_OF_A_DAY

    told, of_day = [], Counter[Any]()
    for one in lessons:
        told.append(one)
        of_day[one.given_at.date()] += 1
        if of_day[one.given_at.date()] <= MAX_OF_A_DAY:
            lesson = _wrong(one.lesson)._replace(weight=0.5)
            told.append(one._replace(lesson=lesson, giver="key 1", by_moderator=False))
    return told


def _wrong(lesson: Any) -> Any:
    return lesson._replace(labels={name: not label for name, label in lesson.labels.items()})


def ours(
    stream: Stream, category: str, attack: Callable[[Sequence[Any]], list[Any]] = list
) -> tuple[np.ndarray, dict[int, np.ndarray], list[str]]:
    """Return what the shipped classifier holds, and what does that has passed the gate by then.

    `attack` changes the lessons that moderators give.
    """
    from moderation.screening import classifier
    from moderation.screening.classifier import Layer, Lesson
    from moderation.screening.learning import evaluation
    from moderation.screening.learning.dataset import GivenLesson

    hold_at = _hold_at(category)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = classifier.score(_given(stream.texts)).rows
    lessons = [
        GivenLesson(
            Lesson(record, row, {category: harmful}),
            "person 1",
            start + timedelta(minutes=number),
            True,
            str(number),
        )
        for number, (record, row, harmful) in enumerate(
            zip(_given(stream.texts), rows, stream.harmful, strict=True)
        )
    ]
    tested, anchors = _given(stream.tested), evaluation.anchors()
    base = classifier.score(tested).rows
    standing, held, notes = Layer({}, {}), {}, []
    for number in sorted({*POINTS, 100, 400, 700, 1500, 2500, 3500}):
        if number > len(lessons):
            break
        given = attack(lessons[:number])
        learned, newest = evaluation.split(given, after=0)
        if number >= 60 and len(newest) >= 1:
            taught = [one.lesson for one in learned]
            layer = classifier.fit_layer(taught, hold_at=hold_at, anchors=anchors)
            gate = evaluation.measure(layer, standing, tested=newest, published=[], hold_at=hold_at)
            refusals = gate["refusals"]
            if attack is not list and evaluation.suspects(given, hold_at=hold_at):
                refusals = [*refusals, "a giver contradicts all others"]
            standing = standing if refusals else layer
            notes.append(f"{number}: {'; '.join(refusals) or 'promoted'}")
        corrected = standing.correct(tested, base)
        held[number] = np.array([row[category] >= hold_at[category] for row in corrected])
    shipped = np.array([row[category] >= hold_at[category] for row in base])
    return shipped, held, notes


def by_order(stream: Stream, category: str) -> dict[str, dict[int, np.ndarray]]:
    """Return what is held after so many decisions by each order of the queue, without the gate.

    Everything waits. Of every forty that come ten are decided, from the newest 300 that wait.
    """
    from moderation.screening import classifier
    from moderation.screening.classifier import Layer, Lesson
    from moderation.screening.learning import evaluation

    inputs, tested, hold_at = _given(stream.texts), _given(stream.tested), _hold_at(category)
    rows, base = classifier.score(inputs).rows, classifier.score(tested).rows
    words, anchors = [list(classifier.words_of(given)) for given in inputs], evaluation.anchors()

    def scores(waiting: Sequence[int], layer: Layer) -> list[float]:
        corrected = layer.correct([inputs[i] for i in waiting], [rows[i] for i in waiting])
        return [row[category] for row in corrected]

    def teaching(waiting: Sequence[int], layer: Layer, learned: Counter[str]) -> list[int]:
        doubts = [classifier.doubt({category: s}, hold_at) for s in scores(waiting, layer)]
        order = classifier.most_instructive([words[i] for i in waiting], doubts, learned)
        return [waiting[number] for number in order]

    def urgent(waiting: Sequence[int], layer: Layer, learned: Counter[str]) -> list[int]:
        risks = scores(waiting, layer)
        return [waiting[number] for number in np.argsort([-risk for risk in risks], kind="stable")]

    def oldest(waiting: Sequence[int], layer: Layer, learned: Counter[str]) -> list[int]:
        return list(waiting)

    def replay(order: Callable[..., list[int]]) -> dict[int, np.ndarray]:
        layer, learned, held = Layer({}, {}), Counter[str](), {}
        waiting: list[int] = []
        lessons: list[Lesson] = []
        for start in range(0, len(inputs), 40):
            waiting = [*waiting, *range(start, min(start + 40, len(inputs)))][-300:]
            chosen = order(waiting, layer, learned)[:10]
            waiting = [i for i in waiting if i not in chosen]
            lessons += [Lesson(inputs[i], rows[i], {category: stream.harmful[i]}) for i in chosen]
            learned.update(word for i in chosen for word in words[i])
            if len(lessons) % 50 == 0:
                layer = classifier.fit_layer(lessons, hold_at=hold_at, anchors=anchors)
            if len(lessons) in ORDER_POINTS:
                corrected = layer.correct(tested, base)
                held[len(lessons)] = np.array(
                    [row[category] >= hold_at[category] for row in corrected]
                )
        return held

    orders = {"oldest first": oldest, "most urgent first": urgent, "teaches most first": teaching}
    return {name: replay(order) for name, order in orders.items()}


def _given(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"text": text, "author_name": "", "author_url": ""} for text in texts]


def _hold_at(category: str) -> dict[str, float]:
    from moderation.models import Policy
    from moderation.screening import classifier

    rules = Policy().rules(classifier.recommended_thresholds())
    return {category: rules.thresholds[category].hold_at}


ATTACKS = {"one in twenty flipped by one account": flipped, "a stolen key": with_stolen_key}


def from_scratch(stream: Stream) -> dict[int, np.ndarray]:
    """Return what TF-IDF and logistic regression hold, fitted to the decisions alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    def fitted(number: int) -> np.ndarray:
        model = make_pipeline(TfidfVectorizer(), LogisticRegression())
        model.fit(stream.texts[:number], stream.harmful[:number])
        return np.asarray(model.predict(stream.tested), bool)

    return _at_points(stream, fitted)


def bogofilter(stream: Stream) -> dict[int, np.ndarray]:
    """Return what bogofilter calls spam; what it is unsure of passes."""

    def judged(number: int) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            for flag, kind in (("-s", True), ("-n", False)):
                texts = (t for t, h in zip(stream.texts, stream.harmful, strict=True) if h is kind)
                chosen = list(stream.texts[:number])
                own = [t for t in texts if t in set(chosen)]
                _bogofilter(folder, ["-M", flag], _mbox(own))
            answers = [
                _bogofilter(folder, ["-T"], f"Subject: comment\n\n{text}\n").startswith("S")
                for text in stream.tested
            ]
        return np.array(answers)

    return _at_points(stream, judged)


def river(stream: Stream, python: str) -> dict[str, dict[int, np.ndarray]]:
    """Return what river's online learners call harmful."""
    job = {
        "stream": list(zip(stream.texts, stream.harmful, strict=True)),
        "tested": stream.tested,
        "points": POINTS,
    }
    done = subprocess.run(
        [python, "-c", RIVER], input=json.dumps(job), capture_output=True, text=True, check=True
    )
    told = dict(json.loads(line) for line in done.stdout.splitlines())
    return {
        name: {int(number): np.array(held) for number, held in points.items()}
        for name, points in told.items()
    }


def _at_points(stream: Stream, judge: Callable[[int], np.ndarray]) -> dict[int, np.ndarray]:
    return {number: judge(number) for number in POINTS if number <= len(stream.texts)}


def _bogofilter(folder: str, flags: Sequence[str], given: str) -> str:
    command = ["bogofilter", "-d", folder, *flags]
    done = subprocess.run(command, input=given.encode(), capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def _mbox(texts: Sequence[str]) -> str:
    return "".join(
        f"From a@example Mon Jan  1 00:00:00 2026\nSubject: comment\n\n{text}\n\n" for text in texts
    )


def _line(name: str, number: int, held: np.ndarray, stream: Stream, shipped: np.ndarray) -> str:
    truth, caught = stream.truth, int((held & stream.truth).sum())
    precision = f"{caught / held.sum():.1%}" if held.any() else "–"
    minutes = (_seconds(shipped, truth) - _seconds(held, truth)) / 60 * 1000 / len(truth)
    return (
        f"| {name} | {number:,} | {(held != truth).mean():.1%} | {(held & ~truth).mean():.1%} "
        f"| {held.mean():.1%} | {precision} | {minutes:+.0f} |"
    )


def _seconds(held: np.ndarray, truth: np.ndarray) -> float:
    return float(HELD * held.sum() + MISSED * (truth & ~held).sum())


def report(path: Path, column: str, python: str) -> None:
    """Print the table of one file."""
    stream = read(path, column)
    category = {"spam": "SPAM", "toxic": "TOXICITY"}[column]
    shipped, held, notes = ours(stream, category)
    judges: dict[str, dict[int, np.ndarray]] = {
        "learned here, behind the gate": held,
        "scikit-learn from scratch": from_scratch(stream),
    }
    if which("bogofilter"):
        judges["bogofilter"] = bogofilter(stream)
    if python:
        judges |= river(stream, python)
    say = sys.stdout.write
    say(f"\n{path.name}: {len(stream.texts)} decisions, {len(stream.tested)} comments judged\n\n")
    say("| judge | decisions | errors | false alarms | held | precision | minutes saved |\n")
    say("|---|---|---|---|---|---|---|\n")
    say(_line("shipped", 0, shipped, stream, shipped) + "\n")
    for name, points in judges.items():
        for number in POINTS:
            if number in points:
                say(_line(name, number, points[number], stream, shipped) + "\n")
    say("\ngate: " + ", ".join(notes) + "\n")
    say("\n| attack | decisions | errors | false alarms | held | precision | minutes saved |\n")
    say("|---|---|---|---|---|---|---|\n")
    for name, attack in ATTACKS.items():
        _, attacked, attack_notes = ours(stream, category, attack)
        for number in POINTS:
            if number in attacked:
                say(_line(name, number, attacked[number], stream, shipped) + "\n")
        say(f"gate, {name}: " + ", ".join(attack_notes) + "\n")
    say("\n| order of the queue | decisions | errors | false alarms | held | precision |")
    say(" minutes saved |\n|---|---|---|---|---|---|---|\n")
    for name, points in by_order(stream, category).items():
        for number, ordered in points.items():
            say(_line(name, number, ordered, stream, shipped) + "\n")


def main() -> None:
    """Print the table of each file."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.learning", description=__doc__)
    parser.add_argument("--river", default="", help="a Python that has river")
    parser.add_argument("files", nargs="+", metavar="FILE:COLUMN")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for file in options.files:
        path, _, column = file.rpartition(":")
        report(Path(path), column, options.river)


if __name__ == "__main__":
    main()
