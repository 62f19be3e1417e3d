"""Benchmark: `python -m tests.benchmarks.spam_filters DATA`, with DATA as for `ml.train`.

Prints how well the Bayes filters of bogofilter and SpamAssassin tell spam beside the released
classifier, on the same test rows. They learn from the same labelled rows, not from our templates;
the classifier reads texts alone. Needs the Debian packages bogofilter and spamassassin.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ml import artifact, dataset, metrics, recipe, train
from ml.dataset import Row
from ml.deduplication import without_near_duplicates

# Sources in which people or mail servers saw spam, and calm comments of blogs.
SOURCES = {
    "youtube_spam_collection", "django_cast_blog", "sms_spam", "tg_spam", "spamassassin",
    "mmistakes_blog", "hendrixjoseph_blog",
}  # fmt: skip
CONFIGURATION = """
loadplugin Mail::SpamAssassin::Plugin::Check
loadplugin Mail::SpamAssassin::Plugin::Bayes
use_bayes 1
bayes_path {folder}/bayes
bayes_auto_learn 0
bayes_auto_expire 0
bayes_min_spam_num 1
bayes_min_ham_num 1
body BAYES eval:check_bayes('0.00', '1.00')
tflags BAYES learn
"""
ASK = r"""
use Mail::SpamAssassin;
open(my $file, "<", $ARGV[0]) or die; my $text = do { local $/; <$file> };
my $filter = Mail::SpamAssassin->new({config_text => $text, local_tests_only => 1,
                                      dont_copy_prefs => 1});
while (my $path = <STDIN>) {
  chomp $path; open(my $mail, "<", $path) or die;
  my $status = $filter->check($filter->parse([<$mail>]));
  my $score = $status->{bayes_score}; print defined $score ? $score : 0.5, "\n"; $status->finish();
}
"""

Scores = list[float]
Filter = Callable[[Path, Sequence[Row], Sequence[Row]], Scores]


def main() -> int:
    """Print a table of ROC AUCs by source."""
    missing = [name for name in ("bogofilter", "sa-learn") if not shutil.which(name)]
    if len(sys.argv) != 2 or missing:
        sys.stderr.write(f"{__doc__}\nMissing here: {', '.join(missing) or 'DATA'}\n")
        return 1
    learn, judge = parts(Path(sys.argv[1]))
    classifier = artifact.load()
    scores = {"ours": [s["SPAM"] for s in classifier.score([row.text for row in judge])]}
    for name, filtered in (("bogofilter", bogofilter), ("SpamAssassin", spamassassin)):
        with tempfile.TemporaryDirectory() as folder:
            scores[name] = filtered(Path(folder), learn, judge)
    sys.stdout.write("\n".join(table(judge, scores)) + "\n")
    return 0


def parts(data: Path) -> tuple[list[Row], list[Row]]:
    """Return the rows to learn from and those to judge by, labelled for spam."""
    rows = [
        row
        for path in train.data_files(data)
        for row in recipe.select_rows(dataset.read(path))
        if row.source in SOURCES and "SPAM" in row.labels
    ]
    of = {"fit": "learn", "choose": "learn", "test": "judge"}
    split: dict[str, list[Row]] = {"learn": [], "judge": []}
    for row in rows:
        part = of.get(dataset.split_of(row.text))
        if part:
            split[part].append(row)
    return split["learn"], without_near_duplicates(split["judge"], of=split["learn"])


def bogofilter(folder: Path, learn: Sequence[Row], judge: Sequence[Row]) -> Scores:
    """Return bogofilter's spamicity of the rows to judge."""
    for flag, spam in (("-s", True), ("-n", False)):
        mails = written(folder / flag, [row for row in learn if is_spam(row) is spam])
        run("bogofilter", "-C", "-d", str(folder), flag, "-b", given=mails)
    answers = run("bogofilter", "-C", "-d", str(folder), "-T", "-b", given=written(folder, judge))
    return [float(line.split()[-1]) for line in answers]


def spamassassin(folder: Path, learn: Sequence[Row], judge: Sequence[Row]) -> Scores:
    """Return the Bayes probability of SpamAssassin for the rows to judge."""
    configuration = folder / "local.cf"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    for flag, spam in (("--spam", True), ("--ham", False)):
        written(folder / flag, [row for row in learn if is_spam(row) is spam])
        run(
            "sa-learn", "--local", "--no-sync", f"--siteconfigpath={folder / 'none'}",
            f"--configpath={folder / 'none'}", f"--prefspath={configuration}", flag,
            str(folder / flag),
        )  # fmt: skip
    run(
        "sa-learn", "--local", "--sync", f"--siteconfigpath={folder / 'none'}",
        f"--configpath={folder / 'none'}", f"--prefspath={configuration}",
    )  # fmt: skip
    answers = run("perl", "-e", ASK, str(configuration), given=written(folder / "judge", judge))
    return [float(line) for line in answers]


def written(folder: Path, rows: Sequence[Row]) -> str:
    """Write each row as a mail into a folder; return the paths, one on a line."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number, row in enumerate(rows):
        path = folder / f"{number:06}.eml"
        head = "From: a@reader.example\nSubject: comment\nContent-Type: text/plain; charset=utf-8"
        path.write_text(f"{head}\n\n{row.text}\n", encoding="utf-8", errors="replace")
        paths.append(str(path))
    return "\n".join(paths) + "\n"


def run(*command: str, given: str = "") -> list[str]:
    """Return the lines that a program prints."""
    language = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=language, check=False
    )
    if done.returncode not in (0, 1, 2):  # bogofilter answers with its status, too
        raise SystemExit(done.stderr)
    return done.stdout.splitlines()


def is_spam(row: Row) -> bool:
    """Return whether a row is labelled as spam."""
    return row.labels["SPAM"]


def table(rows: Sequence[Row], scores: dict[str, Scores]) -> list[str]:
    """Return the lines of a table: the ROC AUC of each filter, by source and overall."""
    labels = np.array([is_spam(row) for row in rows], float)
    sources = np.array([row.source for row in rows])
    lines = [f"| source | spam / rows | {' | '.join(scores)} |", "|---" * (len(scores) + 2) + "|"]
    for source in [*sorted(set(sources)), "all"]:
        these = (sources == source) | (source == "all")
        aucs = [
            metrics.ranking_metrics(labels[these], np.array(given)[these])["roc_auc"]
            for given in scores.values()
        ]
        spam = int(labels[these].sum())
        if None not in aucs:
            cells = " | ".join(map(str, aucs))
            lines.append(f"| {source} | {spam} / {int(these.sum())} | {cells} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
