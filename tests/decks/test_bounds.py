"""Files that are no decks, and code that no compiler should meet: told in one problem or a few, never a crash."""

from __future__ import annotations

import random
import string
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.decks.card import Position
from quizapp.decks.parsing.python_syntax import CodeFault, fault
from quizapp.decks.problems import MOST
from quizapp.decks.reader import read_decks
from tests.decks.making import deck_text, plain_card, problems, write

HEAD = "format: 1\ndeck: d\ncards:\n"
CARD = "  - id: a\n    question: q\n    solution: x = 1\n    checks: [x]\n"


def kinds(folder: Path, text: str | bytes) -> list[str]:
    return [problem.kind for problem in problems(folder, text)]


def test_ten_megabytes_of_nonsense_are_not_read(tmp_path: Path) -> None:
    assert kinds(tmp_path, b"x" * 10_000_000) == ["too-large"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 100_000, ["too-much"]),
        ("{a: " * 100_000, ["too-much"]),
        ("- " * 100_000 + "x", ["too-much"]),
        ("? " * 100_000, ["too-much"]),
        ("- a\n" * 450_000, ["too-much"]),
        ("a" * 1_000_000, ["wrong-type"]),
        ("k" * 1_000_000 + ": 1", ["unquoted-colon"]),
        ("a: b: c\n" * 100_000, ["unquoted-colon"] * 10),
    ],
    ids=["brackets", "braces", "dashes", "keys", "items", "word", "key", "colons"],
)
def test_nonsense_is_bounded(text: str, expected: list[str], tmp_path: Path) -> None:
    assert kinds(tmp_path, text)[:10] == expected


def test_many_problems_are_counted_past_what_one_reads(tmp_path: Path) -> None:
    cards = [f"id: c{i}\nquestion: q\nsolution: x = 1\nchecks: [x]\nfoo: 1\n" for i in range(MOST + 50)]
    assert len(problems(tmp_path, deck_text(*cards))) <= MOST + 1


def test_other_encodings_are_told_at_the_byte(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (HEAD + CARD + "    title: caf\xe9\n").encode("latin-1"))
    assert (problem.kind, problem.line, problem.column) == ("not-utf8", 8, 15)
    assert kinds(tmp_path, (HEAD + CARD).encode("utf-16")) == ["not-utf8"]


def test_a_byte_order_mark_hides_no_other_problem(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + (HEAD + CARD + "    levl: 2\n").encode()
    assert [(p.kind, p.line, p.column) for p in problems(tmp_path, text)] == [
        ("byte-order-mark", 1, 1),
        ("unknown-key", 8, 5),
    ]


def test_control_characters_are_told_where_they_stand(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, HEAD + CARD + "    title: a\x1b[31m\n")
    assert (problem.kind, problem.line, problem.column) == ("control-character", 8, 13)
    assert "\x1b" not in str(problem)


def test_a_folder_for_a_file_is_told(tmp_path: Path) -> None:
    assert read_decks([tmp_path]) == ([], [])


N = 20_000
HOSTILE = {
    "minus": "-" * N + "1",
    "not": "not " * N + "x",
    "round": "(" * N,
    "square": "[" * N,
    "attributes": "a" + ".b" * N,
    "sums": "a" + "+a" * N,
    "powers": "a" + "**a" * N,
    "choices": "a if a else " * (N // 4) + "a",
    "lambdas": "lambda:" * (N // 4) + "1",
    "calls": "a" + "()" * N,
    "elif": "if a: pass\n" + "elif a: pass\n" * (N // 4),
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(150)) + " " * 150 + "pass",
    "null": "a = '\0'",
    "digits": "9" * N,
    "long": "a = 1\n" * N,
}


COMPILED_LATER = {"choices", "elif"}
"""Python 3.12 and later compile them, as deep as they are."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_is_a_fault_and_no_crash(name: str) -> None:
    found = fault(HOSTILE[name])
    assert isinstance(found, CodeFault) or (name in COMPILED_LATER and sys.version_info >= (3, 12))


def test_code_that_python_folds_costs_nothing() -> None:
    assert fault("9**9**9**9; 'a' * 10**10; 1 << 10**9") is None


def test_code_that_python_has_remarks_on_is_fine(tmp_path: Path) -> None:
    given = "given: |\n  x is 1\n  '\\d'\n  assert (x, 'always true')\n"
    assert problems(tmp_path, deck_text(plain_card("a", given))) == []


def test_deep_code_in_a_deck_is_told_in_the_deck(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, deck_text(plain_card("a", f"given: {'-' * 9000}1")))
    assert (problem.kind, Position(problem.line, problem.column)) == ("not-python", Position(8, 12))


LINES = st.lists(
    st.sampled_from(
        [
            *("format: 1", "deck: d", "cards:", "  - id: a", "    question: q", "    checks: [x]", "    solution: |"),
            *(
                "      x = 1",
                "      x = (",
                "    - 'x' in s",
                "  - [",
                "\t- a",
                "    title: a: b",
                "---",
                "    hints: {",
            ),
            *(
                "    wrong:",
                "      - code: x",
                "    limits: {seconds: 5 s}",
                "  - *a",
                "    & b",
                '    note: "',
                "}",
                "",
            ),
        ]
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_any_mixture_of_lines_gives_a_deck_or_problems(lines: list[str], tmp_path: Path) -> None:
    decks, found = read_decks([write(tmp_path, "\n".join(lines))])
    assert decks or found
    assert all(problem.message and problem.line <= len(lines) + 1 for problem in found)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_a_deck_with_characters_changed_gives_a_deck_or_problems(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    text = list((Path(__file__).parent / "good" / "whole.yaml").read_text(encoding="utf-8"))
    for _ in range(5):
        text[chance.randrange(len(text))] = chance.choice(string.printable + "é中\ufeff")
    decks, found = read_decks([write(tmp_path, "".join(text))])
    assert decks or found
