"""Printed text is only text: no command prints a character that the terminal interprets or hides."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import quizapp
from tests.hostile.programs import HOSTILE, harmful_characters, run_in_shell, run_on_terminal

pytestmark = pytest.mark.slow

PACKAGE = Path(quizapp.__file__).parent
ESCAPED = "\\x1b]52;c;eA==\\x07"

SHOWING = [
    ["decks"],
    ["due"],
    ["stats"],
    ["orphans"],
    ["leeches"],
    ["restore"],
    ["export"],
    ["export", "--format", "csv"],
    ["check", "--no-run"],
    *(["check", "--no-run", "--format", form] for form in ("json", "junit", "github")),
    *([command, "--json"] for command in ("stats", "orphans", "leeches")),
]
"""Commands that show a hostile text of the decks, the store or a file name."""

NAMING = [
    [HOSTILE],
    ["decks", f"--{HOSTILE}"],
    ["decks", HOSTILE],
    ["undo", HOSTILE],
    ["check", HOSTILE],
    ["check", "--format", HOSTILE],
    ["check", "--jobs", HOSTILE],
    ["watch", HOSTILE],
    ["try", HOSTILE],
    ["try", "hostile/one", HOSTILE],
    ["study", HOSTILE],
    ["study", "--plain", HOSTILE],
    ["cram", "--tag", HOSTILE],
    ["preview", HOSTILE],
    ["leeches", "--suspend", HOSTILE],
    ["new", HOSTILE],
    ["import", HOSTILE],
    ["import", "--format", "csv", HOSTILE],
    ["restore", HOSTILE],
    ["export", f"missing/{HOSTILE}"],
    ["backup", f"/dev/null/{HOSTILE}"],
    ["due", "--decks", HOSTILE],
]
"""Commands whose error quotes an argument."""


@pytest.mark.parametrize("arguments", SHOWING, ids=" ".join)
def test_texts_of_decks_and_store_are_printed_escaped(
    hostile_home: Path, hostile_deck: Path, arguments: list[str]
) -> None:
    ended = run_on_terminal(hostile_home, "--decks", hostile_deck, *arguments)
    assert ended.code in (0, 1)
    assert harmful_characters(ended.out) == set() and b"Traceback" not in ended.out
    assert b"52;c;eA==" in ended.out, "the command no longer shows a hostile text"


@pytest.mark.parametrize("arguments", NAMING, ids=lambda arguments: " ".join(arguments[:-1]))
def test_errors_that_quote_an_argument_are_printed_escaped(
    hostile_home: Path, hostile_deck: Path, arguments: list[str]
) -> None:
    ended = run_on_terminal(hostile_home, "--decks", hostile_deck, *arguments)
    assert ended.code in (1, 2)
    assert harmful_characters(ended.out) == set() and b"Traceback" not in ended.out


@pytest.mark.parametrize("command", ["decks", "due", "undo", "rebuild"])
def test_other_commands_print_only_text(hostile_home: Path, hostile_deck: Path, command: str) -> None:
    ended = run_on_terminal(hostile_home, "--decks", hostile_deck, command)
    assert harmful_characters(ended.out) == set() and b"Traceback" not in ended.out


def test_new_files_with_hostile_names_are_printed_escaped(home: Path, tmp_path: Path) -> None:
    commands: list[list[str | Path]] = [
        ["new", "mine", "--into", tmp_path / HOSTILE],
        ["backup", tmp_path / f"{HOSTILE}.db"],
    ]
    for arguments in commands:
        ended = run_on_terminal(home, *arguments)
        assert (ended.code, harmful_characters(ended.out)) == (0, set())
        assert ESCAPED in ended.out.decode()


@pytest.mark.parametrize("settings", [f'"{HOSTILE}" = 1\n', f'theme = "{HOSTILE}"\n', f"theme = '{HOSTILE}\n"])
def test_errors_of_the_settings_are_printed_escaped(home: Path, settings: str) -> None:
    home.mkdir()
    quoted = settings.encode().decode()
    (home / "settings.toml").write_text(quoted, encoding="utf-8")
    ended = run_on_terminal(home, "due")
    assert ended.code == 2 and harmful_characters(ended.out) == set() and b"Traceback" not in ended.out


def test_a_line_feed_in_a_title_does_not_imitate_another_line(home: Path, tmp_path: Path) -> None:
    deck = tmp_path / "two.yaml"
    deck.write_text('format: 1\ndeck: two\ntitle: "a\\nfake  9 cards"\ncards: []\n', encoding="utf-8")
    printed = run_on_terminal(home, "--decks", deck, "decks").out
    assert (b"\nfake" not in printed and rb"a\nfake  9 cards" in printed) or b"error: " in printed


def test_an_export_to_a_pipe_is_exact(hostile_home: Path) -> None:
    printed = run_in_shell(hostile_home, ["export", "--format", "csv"], "").out.decode()
    assert HOSTILE[:-1] in printed
    entries = json.loads(run_in_shell(hostile_home, ["export"], "", PYTHONIOENCODING="ascii").out)["log"]
    assert {entry["outcome"] for entry in entries} == {HOSTILE}


PROCESSES_OF_THE_SANDBOX = ("sandbox/worker/", "sandbox/jail/", "grading/judge/")
"""Folders of code whose output the sandbox reads."""

PRINTING = {"print", "click.echo", "click.secho", "click.prompt", "click.confirm", "click.echo_via_pager"}
STREAMS = {f"sys.{name}" for name in ("stdout", "stderr", "__stdout__", "__stderr__")}
ALLOWED = {"isatty", "reconfigure", "fileno"}
"""Methods of a stream that print nothing."""


def printing_calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            owner, _, method = name.rpartition(".")
            if name in PRINTING or (owner in STREAMS and method not in ALLOWED):
                yield f"line {node.lineno}: {name}"
            yield from (f"line {node.lineno}: {ast.unparse(a)}" for a in node.args if ast.unparse(a) in STREAMS)


def test_only_one_module_prints() -> None:
    found = {
        str(path.relative_to(PACKAGE)): calls
        for path in PACKAGE.rglob("*.py")
        if not str(path.relative_to(PACKAGE)).startswith(PROCESSES_OF_THE_SANDBOX)
        and (calls := list(printing_calls(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert set(found) <= {"text/streams.py"}, found
