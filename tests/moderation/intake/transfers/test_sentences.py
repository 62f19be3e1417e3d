"""What is said of a file that comes in can be said in every language of the desk."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from moderation.intake.transfers import sentences
from moderation.intake.transfers.replies import AT_THE_TOP

ROOT = Path(__file__).parents[4]
FOLDERS = ("comments/formats", "moderation/intake/transfers")
# What a call takes as the text that is shown, by its place among the arguments.
SPEAKERS = {
    "UnreadableFile": 0,
    "ValueError": 0,
    "BrokenRow": 0,
    "ReaderDied": 0,
    "TooMuchToExport": 0,
    "InvalidAddressMap": 0,
    "InvalidColumns": 0,
    "ImportNote": 1,
    "ImportProblem": 1,
    "ImportSkipped": 1,
}
# Of a reader that was taken over, which no file of a person makes it say.
UNSHOWN = {"a comment without a time", "a text without its HTML"}


def said() -> Iterator[tuple[str, str]]:
    """Yield what the code says of files, with 7 in the place of each value, and where."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    place = SPEAKERS.get(node.func.id, len(node.args))
                    text = _text(node.args[place]) if place < len(node.args) else ""
                    if re.search("[a-z]", text) and text not in UNSHOWN:
                        yield text, path.name


def _text(node: ast.expr) -> str:
    """Return a string with 7 for each value in it; "" for what is no string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize(("text", "where"), sorted(set(said())))
def test_every_sentence_about_a_file_is_translated(text: str, where: str) -> None:
    with translation.override("de"):
        assert sentences.in_words(text) != text, f"{where}: add it to sentences.py"


def test_a_problem_is_told_with_its_place() -> None:
    with translation.override("de"):
        line = "comment 7: it can't be read: it has no text"
        assert sentences.problem_in_words(line) == ("Kommentar 7: nicht lesbar: kein Text")


@pytest.mark.parametrize(
    "why",
    [
        "its parent 7 did not come in",
        "it answers itself by way of its parent 7",
        "its parent 7 stands too deep",
        "its parent 7 is on another page",
    ],
)
def test_why_a_reply_stands_at_the_top_is_translated(why: str) -> None:
    text = f"{why}: {AT_THE_TOP}"
    with translation.override("de"):
        assert sentences.in_words(text) != text


def test_what_no_sentence_knows_stays_as_it_is() -> None:
    with translation.override("de"):
        assert sentences.problem_in_words("row 3: gibberish") == "row 3: gibberish"
        assert sentences.in_words("") == ""
