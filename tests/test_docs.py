"""The documentation says what is so."""

import re
from pathlib import Path

from comments.http.problems import REFUSALS
from comments.models import Site
from config.environment.reader import environment
from moderation.review.sites import snippets
from moderation.rules.verdicts import Category, Verdict

ROOT = Path(__file__).parent.parent
FOLDERS = "clients|comments|config|deploy|docs|locale|ml|moderation|tests"
# What says how it is now. The change log and decisions say how it was when they were written.
PAGES = [
    str(path.relative_to(ROOT))
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if path.name != "CHANGELOG.md" and path.parent.name != "decisions"
]


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_setting_is_documented_and_no_other() -> None:
    read = set(environment.known)
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", text("docs/configuration.md")))
    levels = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
    assert read == told - (levels - read)


def test_every_refusal_is_documented() -> None:
    told = set(re.findall(r"`([a-z-]+)`", text("docs/api.md")))
    assert set(REFUSALS) <= told


def test_every_category_and_verdict_has_its_place_among_the_concepts() -> None:
    concepts = text("docs/concepts.md")
    words = [*Category, *(verdict for verdict in Verdict if verdict is not Verdict.DELETE)]
    assert all(word in concepts for word in words)


def test_every_path_that_a_page_names_is_there() -> None:
    in_code = rf"`((?:{FOLDERS})/[^`\s:]+)[^`\s]*`"
    named = [(page, path) for page in PAGES for path in re.findall(in_code, text(page))]
    assert len(named) > 200
    assert [(page, path) for page, path in named if not any(ROOT.glob(path))] == []


def test_every_name_that_a_page_gives_of_a_file_is_in_it() -> None:
    in_code = r"`([\w/]+\.py)(?:`: `|: )(\w+)`"
    named = [(page, *found) for page in PAGES for found in re.findall(in_code, text(page))]
    assert len(named) > 5
    defined = r"^(?:def |class |){}\b"
    assert [
        (page, path, name)
        for page, path, name in named
        if not re.search(defined.format(name), text(path), re.MULTILINE)
    ] == []


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


def test_a_maintainers_question_is_answered_in_three_files() -> None:
    rows = re.findall(r"^\| (.+\?) \| (.+) \|$", text("CONTRIBUTING.md"), re.MULTILINE)
    assert len(rows) >= 10
    assert [
        question for question, where in rows if len(re.findall(r"`[^`]+/[^`]+`", where)) > 3
    ] == []


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text("docs/security.md"))
    assert len(named) > 40
    assert [test for path, test in named if f"def {test}(" not in text(path)] == []


def test_every_threat_has_a_test() -> None:
    rows = re.findall(
        r"^\| (?!\*\*|---|threat)[^|]+ \| [^|]+ \| ([^|]+) \|$", text("docs/security.md"), re.M
    )
    assert [row for row in rows if "::test_" not in row] == []


def test_the_snippets_of_the_documentation_are_those_of_the_set_up() -> None:
    gazette = Site(slug="gazette", origins=["https://gazette.example"])
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    shown = snippets.of_site(gazette, service="https://comments.gazette.example")
    assert [snippet.name for snippet in shown if snippet.code not in told] == []
    assert shown[0].code in text("README.md")


def test_every_page_is_in_the_contents_of_the_site() -> None:
    contents = text("mkdocs.yml")
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    listed = [str(page) for page in pages if page.parts[0] != "decisions"]
    assert len(listed) > 30
    assert [
        page for page in listed if not re.search(rf"[ -]{re.escape(page)}$", contents, re.M)
    ] == []
