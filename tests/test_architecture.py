"""What was agreed on, kept by a machine: who imports whom, and what every module is for."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from itertools import permutations
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("config", "comments", "moderation", "ml")
MODULES = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def contract(name: str) -> dict:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return next(c for c in settings["contracts"] if c["name"].startswith(name))


def test_every_import_keeps_the_contracts() -> None:
    linter = [str(Path(sys.executable).parent / "lint-imports")]
    done = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def arrows_of_imports() -> set[tuple[str, str]]:
    """Return the imports between layers, without those that follow from others."""
    layers = [*" ".join(contract("Audiences outside")["layers"]).replace("|", " ").split(), "ml"]
    graph = grimp.build_graph(*PACKAGES)
    parts = {layer: {layer, *graph.find_descendants(layer)} for layer in layers}
    arrows = {
        (above, below)
        for above, below in permutations(layers, 2)
        if any(graph.find_modules_directly_imported_by(m) & parts[below] for m in parts[above])
    }
    return {arrow for arrow in arrows if not reaches(*arrow, arrows - {arrow})}


def reaches(start: str, end: str, arrows: set[tuple[str, str]]) -> bool:
    heads = {head for tail, head in arrows if tail == start}
    return end in heads or any(reaches(head, end, arrows) for head in heads)


def test_the_picture_of_the_architecture_shows_the_imports() -> None:
    picture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^ +([\w.]+) --> ([\w.]+)$", picture, re.MULTILINE)
    assert set(drawn) == arrows_of_imports()
    assert len(drawn) == len(set(drawn))


def test_rules_import_the_standard_library_and_re2_alone() -> None:
    for path in (ROOT / "moderation/rules").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        modules += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        outside = {m for m in modules if m.split(".")[0] not in {*sys.stdlib_module_names, "re2"}}
        assert {m for m in outside if not m.startswith("moderation.rules")} == set(), path


def test_every_room_has_its_layer() -> None:
    layers = " ".join(contract("Audiences outside")["layers"]).replace("|", " ").split()
    inside = {layer.split(".")[1] for layer in layers if layer.startswith("moderation.")}
    rooms = {path.name.removesuffix(".py") for path in (ROOT / "moderation").iterdir()}
    assert rooms - {"__init__", "__pycache__", "apps", "migrations"} == inside


def test_every_check_is_listed() -> None:
    from moderation.screening.checks import CHECKS

    files = {path.stem for path in (ROOT / "moderation/screening/checks").glob("*.py")}
    files -= {"__init__"}
    assert {find.__module__.split(".")[-1] for find in CHECKS} == files


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text())
    assert ast.get_docstring(tree), f"{path} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_module_needs_a_map(path: Path) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= 300


def test_there_is_one_migration_for_each_app_until_the_first_release() -> None:
    for app in ("comments", "moderation"):
        names = {path.name for path in (ROOT / app / "migrations").glob("*.py")}
        assert names == {"__init__.py", "0001_initial.py"}


# Found by their names, so that each module has its own.
NAMED_BY_CONVENTION = {"Command", "Migration", "Meta"}


def test_a_class_name_means_one_thing() -> None:
    places: dict[str, list[Path]] = {}
    for path in MODULES:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_CONVENTION:
                places.setdefault(node.name, []).append(path)
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_functions_stay_small() -> None:
    """Counted without signature and docstring."""
    lengths = sorted(
        _length(node)
        for path in MODULES
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert statistics.median(lengths) <= 6
    assert lengths[len(lengths) * 9 // 10] <= 20


def _length(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
