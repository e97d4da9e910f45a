"""Problems of translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.decks.deck_search import deck_files
from quizapp.decks.reader import read_decks
from quizapp.errors import Problem
from tests.decks.making import deck_text, plain_card, write

DECK = deck_text(plain_card("a", "note: n\nhints: [one, two]\nwrong: [y]\n"), slug="d")


def problems_of_translation(folder: Path, text: str, name: str = "d.zh.yaml") -> list[Problem]:
    write(folder, DECK, "d.yaml")
    write(folder, text, name)
    return read_decks([folder])[1]


@pytest.mark.parametrize(
    ("cards", "kind", "message"),
    [
        ("{b: {title: t}}", "unknown-card", "`d` has no card `b`"),
        ("{a: {questoin: q}}", "unknown-key", "`questoin` is not a field of a translated card"),
        ("{a: {solution: x}}", "unknown-key", "`solution` is not a field of a translated card"),
        ("{a: {hints: [one]}}", "no-counterpart", "1 `hints` here, 2 in the deck"),
        ("{a: {checks: [text]}}", "no-counterpart", "the deck's `checks[0]` has no `says`"),
        ("{a: {wrong: [text]}}", "no-counterpart", "the deck's `wrong[0]` has no `says`"),
        ("{a: {choices: [one]}}", "no-counterpart", "1 `choices` here, 0 in the deck"),
        ("{a: {title: t}, a: {title: u}}", "duplicate-key", "`a` is given twice"),
        ("[a]", "wrong-type", "`cards` is a list, not a map"),
    ],
)
def test_a_text_without_counterpart_is_an_error(cards: str, kind: str, message: str, tmp_path: Path) -> None:
    (problem,) = problems_of_translation(tmp_path, f"translates: d\nlanguage: zh\ncards: {cards}\n")
    assert (problem.kind, problem.path) == (kind, str(tmp_path / "d.zh.yaml"))
    assert message in problem.message


def test_a_note_without_counterpart_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a")), "d.yaml")
    write(tmp_path, "translates: d\nlanguage: zh\ncards: {a: {note: n}}\n", "d.zh.yaml")
    (problem,) = read_decks([tmp_path])[1]
    assert (problem.kind, problem.line, problem.column) == ("no-counterpart", 3, 19)


@pytest.mark.parametrize("text", ["translates: e\nlanguage: zh\n", "translates: d\nlanguage: fr\n"])
def test_translates_and_language_must_agree_with_the_file_name(text: str, tmp_path: Path) -> None:
    (problem,) = problems_of_translation(tmp_path, text)
    assert problem.kind == "wrong-value"
    assert problem.hint in ("write `translates: d`", "write `language: zh`")


def test_a_deck_with_a_bad_translation_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, DECK, "d.yaml")
    write(tmp_path, "translates: d\nlanguage: zh\ncards: {b: {title: t}}\n", "d.zh.yaml")
    decks, problems = read_decks([tmp_path])
    assert (decks, len(problems)) == ([], 1)


def test_problems_of_a_deck_and_of_its_translation_are_reported_together(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a", "levl: 2")), "d.yaml")
    write(tmp_path, "translates: d\nlanguage: zh\ncards: {b: {title: t}}\n", "d.zh.yaml")
    assert [problem.kind for problem in read_decks([tmp_path])[1]] == ["unknown-key", "unknown-card"]


def test_the_path_of_a_translation_means_its_deck(tmp_path: Path) -> None:
    write(tmp_path, DECK, "d.yaml")
    translation = write(tmp_path, "translates: d\nlanguage: zh\n", "d.zh-Hant.yaml")
    assert deck_files(translation, []) == [tmp_path / "d.yaml"]


def test_an_empty_translation_is_a_problem(tmp_path: Path) -> None:
    (problem,) = problems_of_translation(tmp_path, "")
    assert problem.kind == "empty"
