"""Each sentence that CONTRIBUTING.md says about who may import whom, proved."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import quizapp

PACKAGE = Path(quizapp.__file__).parent
FLOORS = (
    {"cli", "commands", "tui"},
    {"audit"},
    {"review"},
    {"grading"},
    {"decks"},
    {"sandbox"},
    {"config"},
    {"errors"},
)
"""From the top of the house to its ground: a room imports from its own floor and those below."""
ROOMS = frozenset().union(*FLOORS)

TORCH_ALLOWED = {"sandbox": ("worker", "values", "zygote", "probe"), "grading": ("judge", "compare", "diagnosis")}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] != "shipped" and relative != Path("__init__.py"):
            yield path, relative.parts[0].removesuffix(".py")


def imported(path: Path, *, at_start_only: bool = False) -> set[str]:
    """Full names of everything that a module imports; `at_start_only` leaves out imports in functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if at_start_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        pending += ast.iter_child_nodes(node)
    return found


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize(
    ("path", "room"), [pytest.param(*pair, id=str(pair[0].relative_to(PACKAGE))) for pair in modules()]
)
def test_imports_run_down_the_house_and_never_up(path: Path, room: str) -> None:
    for name in imported(path):
        parts = name.split(".")
        if (
            parts[0] == "quizapp"
            and len(parts) > 1
            and (PACKAGE / parts[1]).with_suffix("").name in set().union(*FLOORS)
        ):
            assert floor(parts[1]) >= floor(room), f"{path} imports {name}"


def test_decks_know_of_the_sandbox_only_what_crosses_its_pipe() -> None:
    for path, room in modules():
        if room == "decks":
            ours = {name for name in imported(path) if name.startswith("quizapp.sandbox.")}
            assert all(name.startswith("quizapp.sandbox.protocol") for name in ours), f"{path}: {ours}"


def users_of(library: str) -> set[str]:
    return {
        str(path.relative_to(PACKAGE))
        for path, _ in modules()
        if any(n.split(".")[0] == library for n in imported(path))
    }


def test_only_the_screens_know_textual() -> None:
    assert all(user.startswith("tui/") for user in users_of("textual"))


def test_only_the_store_knows_sql() -> None:
    assert users_of("sqlite3")
    assert all(user.startswith("review/store") for user in users_of("sqlite3"))


@pytest.mark.parametrize("library", ["torch", "safetensors", "numpy"])
def test_only_the_workers_and_the_judge_may_import_torch(library: str) -> None:
    for user in users_of(library):
        room, _, rest = user.partition("/")
        assert any(rest.startswith(name) for name in TORCH_ALLOWED.get(room, ())), f"{user} imports {library}"


LOADED = """
import json, sys
try:
    {action}
except SystemExit:
    pass
sys.stderr.write(chr(10) + json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


def loaded_after(action: str, home: Path) -> set[str]:
    """Top-level modules in a fresh process that has done `action`."""
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


def test_the_app_never_imports_torch_nor_pandas_at_its_start(tmp_path: Path) -> None:
    loaded = loaded_after("import quizapp.tui.app, quizapp.review.session, quizapp.grading.grader", tmp_path)
    assert "textual" in loaded
    assert not loaded & {"torch", "pandas", "numpy", "safetensors"}
