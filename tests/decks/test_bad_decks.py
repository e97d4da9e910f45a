"""Mistakes in deck files give problems with positions and hints: `bad/NAME.yaml` gives `bad/NAME.problems`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quizapp.decks.reader import read_decks

BAD = Path(__file__).parent / "bad"


@pytest.mark.parametrize("name", sorted(file.stem for file in BAD.glob("*.yaml")))
def test_a_bad_deck_gives_exactly_these_problems(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    _, problems = read_decks([Path(f"{name}.yaml")])
    rendered = "".join(f"[{problem.kind}] {problem.card or '-'}\n{problem}\n\n" for problem in problems)
    golden = BAD / f"{name}.problems"
    if os.environ.get("PTQUIZ_UPDATE_GOLDEN"):
        golden.write_text(rendered, encoding="utf-8")
    assert rendered == golden.read_text(encoding="utf-8")


SYNTAX_ERRORS = {
    *("bad-colon", "bad-escape", "indentation", "markdown-fence", "merge-conflict", "syntax", "tab", "unclosed"),
    "line-separator",
    *("unquoted", "unquoted-colon", "unusual-space"),
}


def test_a_yaml_syntax_error_is_reported_once_and_alone() -> None:
    kinds = [[problem.kind for problem in read_decks([file])[1]] for file in BAD.glob("*.yaml")]
    with_syntax_error = [found for found in kinds if SYNTAX_ERRORS.intersection(found)]
    assert {found[0] for found in with_syntax_error} == SYNTAX_ERRORS
    assert [found for found in with_syntax_error if len(found) > 1] == []


def test_every_problem_has_a_hint() -> None:
    _, problems = read_decks([BAD])
    assert [str(problem) for problem in problems if not problem.hint] == []


def test_every_bad_deck_has_a_problem() -> None:
    for file in BAD.glob("*.yaml"):
        _, problems = read_decks([file])
        assert problems, file.name
