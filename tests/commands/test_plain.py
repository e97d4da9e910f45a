"""`ptquiz study --plain`: the whole session, line by line."""

from __future__ import annotations

import json
from pathlib import Path

from quizapp.text.wrapping import wrap_lines
from tests.commands.conftest import Command


def test_a_card_is_answered_wrongly_then_rightly_rated_and_scheduled(ptquiz: Command, deck: Path) -> None:
    typed = "y = x + 2\n.\nh\ny = x * 2\n.\n\nq\n"
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin=typed)
    assert (result.code, result.err) == (0, "")
    for said in (
        "small/twice: Twice",
        "That adds two.",
        "A star multiplies.",
        "✓ passed",
        "the reference",
        "Next time",
    ):
        assert said in result.out
    due = json.loads(ptquiz("--decks", deck, "due", "--json").out)
    assert due["next_due"]
    assert next(entry for entry in due["decks"] if entry["deck"] == "small")["learned"] == 1


def test_the_end_of_the_input_keeps_the_draft_and_rates_nothing(ptquiz: Command, deck: Path) -> None:
    ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="y = x + 7\n.\n")
    again = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="q\n")
    assert "y = x + 7" in again.out
    assert "0 reviewed" in again.out


def test_an_answer_that_was_not_ended_is_kept_and_not_graded(ptquiz: Command, deck: Path) -> None:
    done = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="y = x + 7\n")
    assert "kept as the draft" in done.out and "right yet" not in done.out
    again = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="q\n")
    assert "y = x + 7" in again.out


def test_long_lines_are_broken_between_words_for_a_terminal() -> None:
    text = "    " + "word " * 30 + "\n\nshort"
    lines = wrap_lines(text, 40).split("\n")
    assert max(map(len, lines)) <= 40 and lines[-1] == "short"
    assert all(line.startswith("    word") for line in lines[:-2])
    assert "".join(text.split()) == "".join("".join(lines).split())


def test_giving_up_shows_the_reference_and_the_note(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="g\n1\nq\n")
    assert "y = x * 2" in result.out and "Doubling keeps the dtype." in result.out
    assert "1 reviewed" in result.out


def test_a_wrong_prediction_keeps_the_answer_back_until_the_learner_gives_up(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="k\n(9, 9)\n.\ng\n1\nq\n")
    before, after = result.out.split("`x.shape` gives:")
    assert "not yet" in before and "expected" not in before
    assert "2, 3" in after


def test_numbers_choose_what_was_shown(ptquiz: Command, deck: Path) -> None:
    shown = ptquiz("--decks", deck, "study", "--plain", "small", stdin="k\nk\nq\n").out
    number = next(line.split(".")[0].strip() for line in shown.splitlines() if line.strip().endswith("torch.zeros(2)"))
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin=f"k\nk\n{number}\n.\n\nq\n")
    assert "1 reviewed, 1 passed" in result.out


def test_without_a_terminal_study_says_how_to_go_on(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "study")
    assert result.code == 2
    assert "--plain" in result.err


def test_a_preview_without_a_terminal_says_how_to_go_on(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "preview", "small/twice")
    assert result.code == 2
    assert "ptquiz try small/twice" in result.err


def test_a_preview_of_no_card_says_which_is_near(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "preview", "small/twise")
    assert result.code == 2
    assert "did you mean `small/twice`?" in result.err


def test_nothing_that_an_answer_or_a_deck_says_can_drive_the_terminal(ptquiz: Command, deck: Path) -> None:
    text = deck.read_text(encoding="utf-8").replace(
        "question: Bind `y`", 'question: "\\e]0;deck\\a Bind \\u202e y"\n    tags: [x] #'
    )
    deck.write_text(text, encoding="utf-8")
    answer = "print('\\x1b]52;c;eA==\\x07[red]')\nraise ValueError('\\ud800\\x1b[2J\\u202e')"
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin=f"{answer}\n.\nq\n")
    assert "\\x1b]52;c;eA==\\x07[red]" in result.out and "\\ud800\\x1b[2J\\u202e" in result.out
    assert all(line.isprintable() for line in (result.out + result.err).splitlines())
