"""What was agreed on, kept by a machine: who imports whom, and what every module is for."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

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
