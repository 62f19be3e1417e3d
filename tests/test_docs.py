"""The documentation says what is so."""

import re
from pathlib import Path

from comments.http.problems import REFUSALS
from moderation.rules.verdicts import Category, Verdict

ROOT = Path(__file__).parent.parent


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_setting_is_documented_and_no_other() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").glob("*.py"))
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', code))
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", text("docs/configuration.md")))
    levels = {"DEBUG", "INFO", "WARNING", "ERROR"}
    assert read == told - (levels - read)


def test_every_refusal_is_documented() -> None:
    told = set(re.findall(r"`([a-z-]+)`", text("docs/api.md")))
    assert set(REFUSALS) <= told


def test_every_category_and_verdict_has_its_place_among_the_concepts() -> None:
    concepts = text("docs/concepts.md")
    words = [*Category, *(verdict for verdict in Verdict if verdict is not Verdict.DELETE)]
    assert all(word in concepts for word in words)


def test_every_file_that_the_documentation_names_exists() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        for path in re.findall(r"`((?:comments|moderation|ml|config)/[\w/.]*)`", text(str(page))):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        markdown = page.read_text(encoding="utf-8")
        targets = re.findall(r'\]\(([^)#]+)[^)]*\)|src="([^"]+\.png)"', markdown)
        for target in (link or image for link, image in targets):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_command_of_the_readme_is_there() -> None:
    named = set(re.findall(r"manage\.py (\w+)", text("README.md") + text("docs/production.md")))
    ours = {path.stem for path in (ROOT / "moderation/management/commands").glob("*.py")}
    djangos = {"check", "migrate", "collectstatic", "createsuperuser"}
    assert named <= ours | djangos


def test_every_path_that_contributors_are_sent_to_is_there() -> None:
    paths = re.findall(
        r"`((?:comments|config|docs|ml|moderation|tests)/[\w./-]+)`", text("CONTRIBUTING.md")
    )
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_a_maintainers_question_is_answered_in_three_files() -> None:
    rows = re.findall(r"^\| (.+\?) \| (.+) \|$", text("CONTRIBUTING.md"), re.MULTILINE)
    assert len(rows) >= 10
    assert [
        question for question, where in rows if len(re.findall(r"`[^`]+/[^`]+`", where)) > 3
    ] == []
