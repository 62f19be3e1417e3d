"""Mutation testing: change the rules one expression at a time and see whether a test fails.

`python -m tests.mutants [PATH]` works in a copy of the tree, `build/mutants`, with mutmut, and
prints for each room how many mutants were killed, survived or timed out, and a diff of each
survivor. PATH, a folder or file of the table below, narrows it. See docs/decisions/0040.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import chdir
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

COPY = Path("build/mutants")
SOURCES = ("comments", "config", "ml", "moderation")
FLOW = "tests/flows/test_life_of_a_comment.py"
# Most of the room's tests run whole imports in processes of their own, which takes long.
TESTS_OF_TRANSFERS = {
    "authors": ["authors"],
    "files": ["files", "jobs"],
    "importer": ["importer"],
    "jobs": ["jobs", "on_record"],
    "pages": ["pages"],
    "quotas": ["quotas"],
    "replies": ["replies"],
    "report": ["report"],
    "schedule": ["schedule"],
    "tasks": ["jobs"],
    "worker": ["worker", "on_record"],
}
# What is changed, and the tests that must notice: the room's own, and those of what it is for. The
# fewer, the sooner it is done: a mutant that survives has run all that reach it.
ROOMS: Mapping[str, Sequence[str]] = {
    "moderation/rules": ["tests/moderation/rules"],
    "moderation/decisions": ["tests/moderation/decisions", FLOW],
    "moderation/review/queue": [
        "tests/moderation/review/queue",
        "tests/moderation/review/people/test_bans.py",
        "tests/moderation/web/review_api/test_queue_filters.py",
    ],
    "moderation/review/people": ["tests/moderation/review/people"],
    "moderation/review/members.py": ["tests/moderation/review/test_members.py"],
    "moderation/review/review_tokens.py": ["tests/moderation/review/test_review_tokens.py"],
    "moderation/intake/receive.py": ["tests/moderation/intake/test_receive.py", FLOW],
    "moderation/intake/changes.py": ["tests/moderation/intake/test_receive.py", FLOW],
    "moderation/intake/quotas.py": ["tests/moderation/intake/test_quotas.py"],
    "moderation/intake/confirm_address.py": [
        "tests/moderation/intake/test_confirm_address.py",
        "tests/moderation/intake/test_address_links.py",
        "tests/flows/test_badges.py",
    ],
    "moderation/insight/groups.py": [
        "tests/moderation/insight/test_statistics.py",
        "tests/moderation/insight/test_rollup.py",
    ],
    "moderation/insight/rollup.py": ["tests/moderation/insight/test_rollup.py"],
    "moderation/intake/akismet": ["tests/moderation/intake/akismet"],
    **{
        f"moderation/intake/transfers/{name}.py": [
            f"tests/moderation/intake/transfers/test_{test}.py" for test in tests
        ]
        for name, tests in TESTS_OF_TRANSFERS.items()
    },
    "moderation/insight/floods.py": ["tests/moderation/insight/test_floods.py"],
    "moderation/insight/flood_signs.py": ["tests/moderation/insight/test_flood_signs.py"],
    "moderation/management/retention.py": ["tests/moderation/management/test_retention.py"],
    "moderation/management/refused_comments.py": [
        "tests/moderation/management/test_refused_comments.py",
    ],
    "moderation/screening/campaigns.py": ["tests/moderation/screening/test_campaigns.py"],
    "moderation/screening/near_duplicates.py": [
        "tests/moderation/screening/test_near_duplicates.py",
    ],
    "moderation/models/campaign.py": ["tests/moderation/models/test_campaign.py"],
    "moderation/web/desk/base/permissions.py": [
        "tests/moderation/web/desk/base/test_scoped_admin.py",
    ],
    "moderation/web/review_api/base.py": [
        "tests/moderation/web/review_api/test_base.py",
        "tests/moderation/web/review_api/test_queue.py",
        "tests/moderation/web/review_api/test_records.py",
    ],
    "moderation/web/plugin_api/base.py": [
        "tests/moderation/web/plugin_api/test_api_keys.py",
        "tests/moderation/web/plugin_api/test_base.py",
    ],
    "comments/privacy/email_addresses.py": ["tests/comments/privacy"],
    "comments/accounts/api_keys.py": ["tests/comments/accounts"],
    "comments/models/site.py": ["tests/comments/models"],
}
# What makes each of the many runs of pytest shorter, and the same.
OPTIONS = [
    "--no-migrations",
    "--hypothesis-seed=0",
    "-pno:cacheprovider",
    "-pno:unraisableexception",
]
SETTINGS = """
[tool.mutmut]
source_paths = {sources}
only_mutate = {changed}
also_copy = {copied}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {options}
# Seconds: (what the tests took + the constant) times the multiplier.
timeout_constant = 15.0
timeout_multiplier = 4.0
use_git_change_detection = false
# How a sentence is worded is no rule.
do_not_mutate_patterns = ['"[A-Z][^"]* [^"]*"']
"""


class Undecorate(cst.CSTTransformer):
    """Write `@transaction.atomic` as a `with`, and properties as methods.

    The code means the same. mutmut leaves decorated functions alone, and here these are the ones
    that matter most.
    """

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        """Rewrite a function that has one of the two decorators and no other."""
        if len(updated_node.decorators) != 1:
            return updated_node
        decorator = updated_node.decorators[0].decorator
        if m.matches(decorator, m.Name("property")):
            return _method_and_property(updated_node)
        call = decorator if isinstance(decorator, cst.Call) else cst.Call(func=decorator)
        if m.matches(call.func, m.Attribute(m.Name("transaction"), m.Name("atomic"))):
            return _with_transaction(updated_node, call)
        return updated_node


def _with_transaction(function: cst.FunctionDef, atomic: cst.Call) -> cst.FunctionDef:
    block = cst.With(items=[cst.WithItem(item=atomic)], body=function.body)
    return function.with_changes(decorators=[], body=cst.IndentedBlock(body=[block]))


def _method_and_property(function: cst.FunctionDef) -> cst.FlattenSentinel[cst.BaseStatement]:
    name = function.name.value
    method = function.with_changes(decorators=[], name=cst.Name(f"_property_{name}"))
    exposed = cst.parse_statement(f"{name} = property(lambda self: self._property_{name}())")
    return cst.FlattenSentinel([method, exposed])


def main(only: str = "") -> int:
    """Run the rooms, or one part of them, one after the other; return how many no test noticed."""
    rooms = {room: tests for room, tests in ROOMS.items() if _overlap(room, only)}
    if not rooms:
        print(f"Nothing to change in {only}: choose from {', '.join(ROOMS)}.")
        return 2
    totals = {_narrowed(room, only): _run(room, only, tests) for room, tests in rooms.items()}
    for changed, counts in totals.items():
        print(f"{changed}: " + ", ".join(f"{n} {status}" for status, n in counts.most_common()))
    return sum(counts[status] for counts in totals.values() for status in ("survived", "no tests"))


def _overlap(room: str, only: str) -> bool:
    return room.startswith(only) or only.startswith(room)


def _narrowed(room: str, only: str) -> str:
    return max(room, only.rstrip("/"), key=len)


def _run(room: str, only: str, tests: Sequence[str]) -> Counter[str]:
    changed = _narrowed(room, only)
    _copy_tree()
    for path in _python_files(changed):
        path.write_text(cst.parse_module(path.read_text()).visit(Undecorate()).code)
    _configure(changed, tests)
    _mutmut()
    return _report()


def _mutmut() -> None:
    """Run mutmut; raise CalledProcessError where the tests fail without any change.

    It draws its progress thousands of times over one line, so that is kept from files.
    """
    command = [Path(sys.executable).absolute().with_name("mutmut"), "run", "--max-children", "1"]
    log = None if sys.stdout.isatty() else (COPY / "mutmut.log").open("w")
    try:
        subprocess.run(command, cwd=COPY, check=True, stdout=log, stderr=log)
    except subprocess.CalledProcessError:
        print((COPY / "mutmut.log").read_text()[-3000:] if log else "")
        raise


def _copy_tree() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if Path(name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, COPY / name)


def _python_files(changed: str) -> Iterable[Path]:
    path = COPY / changed
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _configure(changed: str, tests: Sequence[str]) -> None:
    there = [path for path in tests if (COPY / path).exists()]
    settings = SETTINGS.format(
        sources=json.dumps(SOURCES),
        changed=json.dumps([changed if changed.endswith(".py") else f"{changed}/*"]),
        copied=json.dumps([path.name for path in COPY.iterdir() if path.name not in SOURCES]),
        tests=json.dumps(there),
        options=json.dumps(OPTIONS),
    )
    with (COPY / "pyproject.toml").open("a") as file:
        file.write(settings)


def _report() -> Counter[str]:
    """Print the diff of each mutant that no test noticed, and return how the mutants fared."""
    counts: Counter[str] = Counter()
    with chdir(COPY):
        for results in sorted(Path("mutants").rglob("*.py.meta")):
            source = results.relative_to("mutants").with_suffix("")
            for name, code in json.loads(results.read_text())["exit_code_by_key"].items():
                counts[status := status_by_exit_code[code]] += 1
                if status != "killed":
                    print(f"\n{status}: {name}\n{get_diff_for_mutant(name, path=source)}")
    return counts


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]) and 1)
