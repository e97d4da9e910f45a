"""`ptquiz study --plain`: a whole session, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.text.labels import OUTCOME_LABELS, RULE_BROKEN
from tests.commands.conftest import Command, Result

# Every session starts a sandbox.
pytestmark = pytest.mark.jail


def study(ptquiz: Command, deck: Path, typed: str) -> Result:
    """Study the deck with these lines as input."""
    return ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin=typed)


def test_a_card_is_answered_wrong_then_right_rated_and_scheduled(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "y = x + 2\n.\nh\ny = x * 2\n.\n\nq\n")
    assert (result.code, result.err) == (0, "")
    for text in (
        "small/twice: Twice",
        "That adds two.",
        "A star multiplies.",
        "✓ passed",
        "the reference",
        "Next time",
    ):
        assert text in result.out
    due = json.loads(ptquiz("--decks", deck, "due", "--json").out)
    assert due["next_due"]
    assert next(entry for entry in due["decks"] if entry["deck"] == "small")["learned"] == 1


def test_the_end_of_the_input_saves_the_draft_and_rates_nothing(ptquiz: Command, deck: Path) -> None:
    study(ptquiz, deck, "y = x + 7\n.\n")
    resumed = study(ptquiz, deck, "q\n")
    assert "y = x + 7" in resumed.out
    assert "0 reviewed" in resumed.out


def test_an_unfinished_answer_is_saved_and_not_graded(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "y = x + 7\n")
    assert "saved as the draft" in result.out and str(OUTCOME_LABELS["wrong"]) not in result.out
    assert "y = x + 7" in study(ptquiz, deck, "q\n").out


def test_giving_up_shows_the_reference_and_the_note(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "g\n1\nq\n")
    assert "y = x * 2" in result.out and "Doubling keeps the dtype." in result.out
    assert "1 reviewed" in result.out


def test_a_wrong_prediction_shows_the_value_only_after_giving_up(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "k\n(9, 9)\n.\ng\n1\nq\n")
    before, after = result.out.split("`x.shape` is:")
    assert str(OUTCOME_LABELS["wrong"]) in before and "expected" not in before
    assert "2, 3" in after


def test_an_unreadable_prediction_is_asked_again_and_is_no_try(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "k\n(2, 3\n.\n2x3\n.\n\nq\n")
    assert str(OUTCOME_LABELS["unreadable"]) in result.out
    assert "`(2, 3` cannot be read: `(` is not closed" in result.out and "such as `(4, 5)`" in result.out
    assert "first try" in result.out
    assert "1 reviewed, 1 passed" in result.out


def test_numbers_choose_the_shown_lines(ptquiz: Command, deck: Path) -> None:
    shown = study(ptquiz, deck, "k\nk\nq\n").out
    number = next(line.split(".")[0].strip() for line in shown.splitlines() if line.strip().endswith("torch.zeros(2)"))
    assert "1 reviewed, 1 passed" in study(ptquiz, deck, f"k\nk\n{number}\n.\n\nq\n").out


def test_other_input_than_numbers_is_an_error_with_a_hint(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, "k\nk\n3\n.\nq\n")
    assert "error: `3` is not a list of the shown numbers\nhint: write numbers from 1 to 2" in result.out
    assert "0 reviewed" in result.out


def test_rules_are_shown_before_the_answer_and_named_when_broken(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("    title: Twice\n", "    title: Twice\n    forbid: [for, while]\n"))
    question, verdict = study(ptquiz, deck, "for _ in [0]:\n    y = x * 2\n.\nq\n").out.split("y = ...")
    assert "\n- Not allowed: `for` (comprehensions too), `while`\n" in question
    assert f"{RULE_BROKEN}   0 of 1 points" in verdict


@pytest.mark.parametrize("end", [".", ". ", "。", "．"])
def test_pasted_code_passes_though_it_contains_spaces_that_python_rejects(
    ptquiz: Command, deck: Path, end: str
) -> None:
    answer = f"\ufeffif True:\n\u00a0\u00a0\u00a0\u00a0y\u00a0= x * 2\u200b\r\n{end}\n\nq\n"
    assert "1 reviewed, 1 passed" in study(ptquiz, deck, answer).out


def test_an_empty_answer_is_not_submitted(ptquiz: Command, deck: Path) -> None:
    result = study(ptquiz, deck, ".\ny = x * 2\n.\n\nq\n")
    assert "error: there is nothing to submit yet" in result.out
    assert "empty: Good" in result.out or "first try" in result.out


def test_a_letter_in_quotes_is_an_answer_and_no_command(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("checks: [x.shape]", "checks: [\"'b'\"]"))
    assert "1 reviewed, 1 passed" in study(ptquiz, deck, "k\n'b'\n.\n\nq\n").out


@pytest.mark.parametrize("texts", [("2", "1"), ("torch.zeros(2)\nx", "torch.ones(2)\nx")])
def test_choices_of_numbers_or_several_lines_can_be_chosen(ptquiz: Command, deck: Path, texts: tuple[str, str]) -> None:
    text = deck.read_text()
    for old, new in zip(("torch.zeros(2), right", "torch.ones(2), says"), texts, strict=True):
        text = text.replace(f"text: {old}", f"text: {json.dumps(new)}, {old.rpartition(' ')[2]}")
    deck.write_text(text)
    shown = study(ptquiz, deck, "k\nk\nq\n").out
    right = texts[0].partition("\n")[0]
    number = next(line.split(".")[0].strip() for line in shown.splitlines() if line.strip().endswith(f". {right}"))
    full_width = number.translate({ord("1"): "１", ord("2"): "２"})
    assert "1 reviewed, 1 passed" in study(ptquiz, deck, f"k\nk\n{full_width}、\n.\n\nq\n").out


def test_bytes_that_are_not_utf_8_are_no_try_and_the_question_is_asked_again(ptquiz: Command, deck: Path) -> None:
    typed = b"y = '\xff'\nx\n.\ny = x * 2\n.\n\nq\n"
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin=typed)
    assert (result.code, result.err) == (0, "") and "1 reviewed, 1 passed" in result.out
    assert "error: the input is not valid UTF-8\n" in result.out and "first try" in result.out
    assert result.out.count("small/twice: Twice") == 2 and str(OUTCOME_LABELS["error"]) not in result.out


def test_bytes_that_are_not_utf_8_at_the_end_of_the_input_are_replaced_in_the_draft(
    ptquiz: Command, deck: Path
) -> None:
    arguments = ("--trust", "--decks", deck, "study", "--plain", "small")
    assert "saved as the draft" in ptquiz(*arguments, stdin=b"y = '\xff'").out
    assert "y = '\ufffd'" in ptquiz(*arguments, stdin="q\n").out


def test_cards_are_asked_in_the_language_of_the_settings(ptquiz: Command, deck: Path, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text('language = "zh"\n', encoding="utf-8")
    texts = "twice: {title: 两倍, question: 把 `x` 加倍, note: 类型不变, hints: [用星号, 试试]}"
    deck.with_name("small.zh.yaml").write_text(
        f"translates: small\nlanguage: zh\ncards:\n  {texts}\n", encoding="utf-8"
    )
    asked = study(ptquiz, deck, "h\nh\nh\ng\n1\nq\n").out
    assert all(
        text in asked for text in ("small/twice: 两倍", "把 `x` 加倍", "用星号\n试试\nno more hints", "类型不变")
    )
    assert "A star multiplies." not in asked


def test_the_search_for_a_mistake_is_announced(ptquiz: Command, deck: Path) -> None:
    after = study(ptquiz, deck, "y = x - 2\n.\nq\n").out.partition("looking for the mistake …")[2]
    assert str(OUTCOME_LABELS["wrong"]) in after


def test_untrusted_text_is_printed_escaped(ptquiz: Command, deck: Path) -> None:
    text = deck.read_text(encoding="utf-8").replace(
        "question: Bind `y`", 'question: "\\e]0;deck\\a Bind \\u202e y"\n    tags: [x] #'
    )
    deck.write_text(text, encoding="utf-8")
    answer = "print('\\x1b]52;c;eA==\\x07[red]')\nraise ValueError('\\ud800\\x1b[2J\\u202e')"
    result = study(ptquiz, deck, f"{answer}\n.\nq\n")
    assert "\\x1b]52;c;eA==\\x07[red]" in result.out and "\\ud800\\x1b[2J\\u202e" in result.out
    assert all(line.isprintable() for line in (result.out + result.err).splitlines())


def test_verdicts_have_the_labels_that_try_prints(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("    title: Twice\n", "    title: Twice\n    limits: {seconds: 1}\n"))
    answers = {"wrong": "y = x + 2", "error": "y = x @ 3", "timeout": "while True: pass"}
    studied = study(ptquiz, deck, "".join(f"{answer}\n.\n" for answer in answers.values()) + "q\n")
    labels = [str(OUTCOME_LABELS[outcome]) for outcome in answers]
    printed = [line.partition("   ")[0] for line in studied.out.splitlines()]
    assert [text for text in printed if text in labels] == labels
    for answer, label in zip(answers.values(), labels, strict=True):
        tried = ptquiz("--trust", "--decks", deck, "try", "small/twice", stdin=answer)
        assert tried.code == 1 and tried.out.partition("   ")[0] == label
