"""Prove each sentence of CONTRIBUTING.md about who may import whom."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import quizapp

PACKAGE = Path(quizapp.__file__).parent
LAYERS = (
    {"__main__", "cli", "commands", "tui"},
    {"services"},
    {"audit", "review"},
    {"grading"},
    {"decks", "sandbox"},
    {"text", "settings", "errors", "error_log"},
)
"""From top to bottom: a module imports from its own layer and the layers below it."""

TORCH_FOLDERS = ("quizapp.sandbox.worker.", "quizapp.sandbox.values.", "quizapp.grading.judge.")
MODULE_NAME = re.compile(r"quizapp(?:\.\w+)+")


@cache
def modules() -> dict[str, Path]:
    """Full name -> file, for every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "shipped" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk everything that runs: blocks for type checkers are left out."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += [child for child in ast.iter_child_nodes(node) if not is_type_checking(child)]


@cache
def imported(module: str) -> frozenset[str]:
    """Return the full names that a module imports anywhere, also in functions and by a name in a string."""
    found: set[str] = set()
    for node in nodes(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(MODULE_NAME.findall(node.value)) & modules().keys()
    return frozenset(found)


def dependencies(module: str) -> set[str]:
    """Return the modules of the package that a module imports; of a package, only what is taken from its `__init__`."""
    ours = {name for name in imported(module) if name in modules()}
    return {name for name in ours if not any(other.startswith(f"{name}.") for other in ours)} - {module}


def layer(module: str) -> int:
    part = module.split(".")[1]
    return next(number for number, names in enumerate(LAYERS) if part in names)


@pytest.mark.parametrize("module", [name for name in modules() if name != "quizapp"])
def test_imports_run_downwards(module: str) -> None:
    for name in imported(module):
        if name.startswith("quizapp.") and name.split(".")[1] in set().union(*LAYERS):
            assert layer(name) >= layer(module), f"{module} imports {name}"


def test_no_module_imports_itself_through_others() -> None:
    graph = {module: dependencies(module) for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_decks_know_of_the_sandbox_only_what_crosses_its_pipe() -> None:
    for module in modules():
        if module.startswith("quizapp.decks"):
            ours = {name for name in imported(module) if name.startswith("quizapp.sandbox.")}
            assert all(name.startswith("quizapp.sandbox.protocol") for name in ours), f"{module}: {ours}"


def users_of(library: str) -> set[str]:
    return {module for module in modules() if any(name.split(".")[0] == library for name in imported(module))}


def test_only_the_screens_know_textual() -> None:
    assert users_of("textual")
    assert all(user.startswith("quizapp.tui.") for user in users_of("textual"))


def test_only_the_store_knows_sql() -> None:
    assert users_of("sqlite3")
    assert all(user.startswith("quizapp.review.store.") for user in users_of("sqlite3"))


@pytest.mark.parametrize("library", ["torch", "safetensors", "numpy"])
def test_torch_is_imported_below_three_folders_only(library: str) -> None:
    assert users_of(library)
    for user in users_of(library):
        assert user.startswith(TORCH_FOLDERS), f"{user} imports {library}"


def test_the_app_reaches_the_judge_and_the_workers_by_name_only() -> None:
    for module in modules():
        if module.startswith(TORCH_FOLDERS):
            continue
        tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
        names = {node.module for node in nodes(tree) if isinstance(node, ast.ImportFrom) and node.module}
        assert not any(
            f"{name}.".startswith(("quizapp.sandbox.worker.", "quizapp.grading.judge.")) for name in names
        ), module


LOADED = """
import json, sys
try:
    {action}
except SystemExit:
    pass
sys.stderr.write(chr(10) + json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


def loaded_after(action: str, home: Path) -> set[str]:
    """Return the top-level modules of a fresh process that has done `action`."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(action=action)],
        env={"PTQUIZ_HOME": str(home), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["due"], ["due", "--json"], ["decks"], []])
def test_help_and_due_load_neither_torch_nor_pandas_nor_textual(arguments: list[str], tmp_path: Path) -> None:
    loaded = loaded_after(f"from quizapp.cli import main; main({arguments!r})", tmp_path)
    assert not loaded & {"torch", "pandas", "textual", "numpy", "safetensors"}


def test_due_loads_no_parser_of_decks_and_no_scheduler_once_decks_are_cached(tmp_path: Path) -> None:
    action = "from quizapp.cli import main; main(['due'])"
    loaded_after(action, tmp_path)
    assert not loaded_after(action, tmp_path) & {"yaml", "fsrs"}


def test_the_app_never_imports_torch_nor_pandas_at_start(tmp_path: Path) -> None:
    loaded = loaded_after("import quizapp.tui.app, quizapp.review.session, quizapp.grading.grader", tmp_path)
    assert "textual" in loaded
    assert not loaded & {"torch", "pandas", "numpy", "safetensors"}
