"""Files that are not decks and hostile code give a few problems, never a crash."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.decks.card import Position
from quizapp.decks.problems import MAX_PROBLEMS
from quizapp.decks.reader import read_decks
from tests.decks.making import deck_text, plain_card, problems, write

HEAD = "format: 1\ndeck: d\ncards:\n"
CARD = "  - id: a\n    question: q\n    solution: x = 1\n    checks: [x]\n"


def kinds(folder: Path, text: str | bytes) -> list[str]:
    return [problem.kind for problem in problems(folder, text)]


def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    assert kinds(tmp_path, b"x" * 10_000_000) == ["too-large"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 100_000, ["too-much"]),
        ("{a: " * 100_000, ["too-much"]),
        ("- " * 100_000 + "x", ["too-much"]),
        ("? " * 100_000, ["too-much"]),
        ("- a\n" * 450_000, ["too-much"]),
        ("a" * 1_000_000, ["not-a-deck"]),
        ("k" * 1_000_000 + ": 1", ["unquoted-colon"]),
        ("a: b: c\n" * 100_000, ["unquoted-colon"]),
    ],
    ids=["brackets", "braces", "dashes", "keys", "items", "word", "key", "colons"],
)
def test_nonsense_gives_one_problem(text: str, expected: list[str], tmp_path: Path) -> None:
    assert kinds(tmp_path, text) == expected


def test_the_number_of_problems_is_limited(tmp_path: Path) -> None:
    cards = [f"id: c{i}\nquestion: q\nsolution: x = 1\nchecks: [x]\nfoo: 1\n" for i in range(MAX_PROBLEMS + 50)]
    assert len(problems(tmp_path, deck_text(*cards))) <= MAX_PROBLEMS + 1


def test_other_encodings_are_reported_at_the_byte(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (HEAD + CARD + "    title: caf\xe9\n").encode("latin-1"))
    assert (problem.kind, problem.line, problem.column) == ("not-utf8", 8, 15)
    assert kinds(tmp_path, (HEAD + CARD).encode("utf-16")) == ["not-utf8"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_other_unicode_encodings_are_named(encoding: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, (HEAD + CARD).encode(encoding))
    assert problem.message == f"{encoding[:6].upper()}, not UTF-8"


def test_a_byte_order_mark_is_accepted_and_moves_no_position(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    assert problems(tmp_path, mark + (HEAD + CARD).encode()) == []
    assert [(p.kind, p.line, p.column) for p in problems(tmp_path, mark + b"tite: x\n" + (HEAD + CARD).encode())] == [
        ("unknown-key", 1, 1)
    ]
    (problem,) = problems(tmp_path, mark + (HEAD + CARD + "    title: caf\xe9\n").encode("latin-1"))
    assert (problem.line, problem.column) == (8, 15)


def test_control_characters_are_reported_at_their_position(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, HEAD + CARD + "    title: a\x1b[31m\n")
    assert (problem.kind, problem.line, problem.column) == ("control-character", 8, 13)
    assert "\x1b" not in str(problem)


def test_an_empty_folder_has_no_decks_and_no_problems(tmp_path: Path) -> None:
    assert read_decks([tmp_path]) == ([], [])


def test_code_with_syntax_warnings_is_valid(tmp_path: Path) -> None:
    given = "given: |\n  x is 1\n  '\\d'\n  assert (x, 'always true')\n"
    assert problems(tmp_path, deck_text(plain_card("a", given))) == []


def test_deeply_nested_code_is_reported_in_the_deck(tmp_path: Path) -> None:
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
