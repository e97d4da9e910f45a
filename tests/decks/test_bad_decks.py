"""Every fault of a deck file, at its place and with the way out: `bad/NAME.yaml` gives `bad/NAME.problems`."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.decks.reader import read_decks

BAD = Path(__file__).parent / "bad"


@pytest.mark.parametrize("name", sorted(file.stem for file in BAD.glob("*.yaml")))
def test_a_bad_deck_gives_exactly_these_problems(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    _, problems = read_decks([Path(f"{name}.yaml")])
    told = "".join(f"[{problem.kind}] {problem.card or '-'}\n{problem}\n\n" for problem in problems)
    assert told == (BAD / f"{name}.problems").read_text(encoding="utf-8")


def test_every_problem_has_a_way_out() -> None:
    _, problems = read_decks([BAD])
    assert [str(problem) for problem in problems if not problem.hint] == []


def test_every_file_in_the_table_has_a_problem() -> None:
    for file in BAD.glob("*.yaml"):
        _, problems = read_decks([file])
        assert problems, file.name
