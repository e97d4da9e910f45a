"""Output whose encoding does not contain every character: readable text, and the same exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.text.labels import CHECK_LABELS, OUTCOME_LABELS
from quizapp.text.stand_ins import CELLS, LINES
from tests.hostile.programs import run_in_shell
from tests.tui.terminal import DECK

pytestmark = pytest.mark.slow

ENCODINGS: list[dict[str, str]] = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "gbk"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]

TITLE = "Zhāng 张量 … ✓"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "joining.yaml"
    path.write_text(DECK.replace("title: Joining", f"title: {TITLE}"), encoding="utf-8")
    return path


def encoding_of(environment: dict[str, str]) -> str:
    return environment.get("PYTHONIOENCODING", "ascii")


def name_of(environment: dict[str, str]) -> str:
    return environment.get("PYTHONIOENCODING", "C")


@pytest.mark.parametrize("environment", ENCODINGS, ids=name_of)
@pytest.mark.parametrize(
    "arguments",
    [
        ["decks"],
        ["due"],
        ["stats"],
        ["check", "--no-run"],
        ["check", "--help"],
        ["schema"],
        ["export"],
        ["try", "张/✓"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_texts_are_printed_in_every_encoding(
    hostile_home: Path, deck: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    command: list[str | Path] = ["--decks", deck, *arguments]
    ended, same = run_in_shell(hostile_home, command, "", **environment), run_in_shell(hostile_home, command, "")
    assert (ended.code, b"Traceback" in ended.err) == (same.code, False)
    (ended.out + ended.err).decode(encoding_of(environment))


def test_replacements_are_readable(home: Path, deck: Path) -> None:
    printed = run_in_shell(home, ["--decks", deck, "decks"], "", PYTHONIOENCODING="ascii").out
    assert rb"Zh\u0101ng \u5f20\u91cf ... +" in printed
    printed = run_in_shell(home, ["--decks", deck, "decks"], "", PYTHONIOENCODING="latin-1").out
    assert rb"Zh\u0101ng \u5f20\u91cf ... +" in printed


@pytest.mark.jail
@pytest.mark.parametrize("environment", ENCODINGS[:1] + ENCODINGS[-1:], ids=name_of)
def test_verdicts_and_the_sandbox_report_are_printed_in_every_encoding(
    home: Path, deck: Path, environment: dict[str, str]
) -> None:
    prefix: list[str | Path] = ["--decks", deck, "--trust"]
    wrong = run_in_shell(home, [*prefix, "try", "joining/cat-rows"], "<<< 'answer = x + 1'", **environment)
    assert (wrong.code, wrong.err) == (1, b"") and wrong.out.startswith(b"x not right yet")
    right = run_in_shell(home, [*prefix, "try", "joining/cat-rows"], "<<< 'answer = torch.cat((x, x))'", **environment)
    assert (right.code, right.err) == (0, b"") and right.out.startswith(b"+ passed")
    assert b"+ denied" in run_in_shell(home, ["doctor"], "", **environment).out
    session = run_in_shell(home, [*prefix, "study", "--plain"], "<<< 'é ✓'", **environment)
    assert (session.code, session.err) == (0, b"") and b"saved as the draft" in session.out


def test_every_symbol_of_a_label_has_a_readable_replacement() -> None:
    for label in (*OUTCOME_LABELS.values(), *CHECK_LABELS.values()):
        assert "\\" not in str(label).encode("ascii", LINES).decode()


@pytest.mark.parametrize(
    ("text", "lines", "cells"),
    [
        ("✓ ✗ … → █", "+ x ... -> #", "+ x . - #"),
        ("张é", "\\u5f20\\xe9", "???"),
        ("e\u0301", "e\\u0301", "e"),
        ("│╭", "|+", "|+"),
    ],
)
def test_replacements_of_a_screen_keep_their_width(text: str, lines: str, cells: str) -> None:
    assert text.encode("ascii", LINES).decode() == lines
    assert text.encode("ascii", CELLS).decode() == cells


def test_only_what_cannot_be_encoded_is_replaced() -> None:
    assert "é ✓".encode("latin-1", LINES) == b"\xe9 +"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", LINES)


def test_json_is_the_same_in_every_encoding(home: Path, deck: Path) -> None:
    ended = run_in_shell(home, ["--decks", deck, "decks", "--json"], "", PYTHONIOENCODING="ascii")
    assert TITLE in [entry["title"] for entry in json.loads(ended.out)["decks"]]
