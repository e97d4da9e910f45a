"""`ptquiz try`: what it prints, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Command


@pytest.mark.jail
def test_a_right_answer_from_a_file_exits_0(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.py"
    answer.write_text("y = x + x\n")
    result = ptquiz("--trust", "--decks", deck.parent, "try", "small/twice", answer)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("✓ passed")


@pytest.mark.jail
def test_a_wrong_answer_exits_1_and_shows_both_sides(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "-", stdin="y = x + 2")
    assert result.code == 1
    assert "That adds two." in result.out
    assert "expected" in result.out and "got" in result.out


@pytest.mark.jail
def test_a_diagnosis_is_printed_once(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "-", stdin="y = x")
    (diagnosis, *_) = (line.strip() for line in result.out.splitlines() if line.endswith("."))
    assert result.out.count(diagnosis) == 1


@pytest.mark.jail
def test_json_is_one_object_with_every_field(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "--json", stdin="print('\\x1b[31m')\ny = x * 3")
    data = json.loads(result.out)
    fields = "card outcome score points of checks says error stdout stderr seconds tier"
    assert set(fields.split()) <= data.keys()
    assert (data["card"], data["outcome"], data["score"]) == ("small/twice", "wrong", 0.0)
    (check,) = data["checks"]
    assert {"see", "agrees", "finding", "diagnosis", "points", "hidden", "deferred"} <= check.keys()
    assert "\x1b" not in result.out and data["stdout"] == "\x1b[31m\n"


@pytest.mark.jail
def test_an_error_has_a_type_and_a_line(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "--json", stdin="z = 1\ny = x @ torch.ones(9)")
    error = json.loads(result.out)["error"]
    assert (error["type"], error["line"]) == ("RuntimeError", 2)


def test_an_unknown_card_exits_2_and_names_the_nearest(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "try", "small/twiec", stdin="1")
    assert (result.code, result.out) == (2, "")
    assert "small/twice" in result.err


def test_a_missing_file_exits_2_with_a_hint(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "try", "small/twice", "nowhere.py")
    assert result.code == 2
    assert "nowhere.py" in result.err and "hint:" in result.err


def test_an_answer_that_is_not_utf_8_exits_2(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "try", "small/twice", stdin=b"y = '\xff'")
    assert result.code == 2
    assert "UTF-8" in result.err


@pytest.mark.jail
def test_every_kind_of_card_is_graded_from_text(ptquiz: Command, deck: Path) -> None:
    for card, answer in (("shape", "(2, 3)"), ("pick", "1"), ("pick", "torch.zeros(2)"), ("sort", "a = 1\nb = a + 1")):
        assert ptquiz("--trust", "--decks", deck, "try", f"small/{card}", stdin=answer).code == 0, card
    for card, answer in (("shape", "(3, 2)"), ("pick", "2"), ("sort", "b = a + 1\na = 1")):
        assert ptquiz("--trust", "--decks", deck, "try", f"small/{card}", stdin=answer).code == 1, card


@pytest.mark.jail
def test_a_card_that_needs_a_gpu_exits_4_without_one(ptquiz: Command, cuda_deck: Path) -> None:
    result = ptquiz("--trust", "--decks", cuda_deck, "try", "gpu/all", stdin="out = 1")
    assert result.code == 4
    assert "2 checks were not run: they need a GPU" in result.out
    assert "out.device.type" in result.out
    data = json.loads(ptquiz("--trust", "--decks", cuda_deck, "try", "gpu/all", "--json", stdin="out = 1").out)
    assert (data["outcome"], data["deferred"]) == ("deferred", 2)
    assert data["deferred_note"] == "2 checks were not run: they need a GPU"


@pytest.mark.jail
def test_a_pass_says_which_checks_were_not_run(ptquiz: Command, cuda_deck: Path) -> None:
    result = ptquiz("--trust", "--decks", cuda_deck, "try", "gpu/some", stdin="y = x + 1")
    assert result.code == 0
    assert "✓ passed" in result.out and "1 check was not run: it needs a GPU" in result.out
    data = json.loads(ptquiz("--trust", "--decks", cuda_deck, "try", "gpu/some", "--json", stdin="y = x + 1").out)
    assert (data["outcome"], data["deferred"]) == ("passed", 1)


@pytest.mark.jail
def test_a_pass_with_all_checks_mentions_no_gpu(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "--json", stdin="y = x * 2")
    assert (json.loads(result.out)["deferred"], json.loads(result.out)["deferred_note"]) == (0, None)


@pytest.mark.jail
def test_an_unreadable_prediction_exits_1_and_is_not_wrong(ptquiz: Command, deck: Path) -> None:
    for answer, problem in (("[2, 3", "`[` is not closed"), ("", "Nothing was typed")):
        result = ptquiz("--trust", "--decks", deck, "try", "small/shape", stdin=answer)
        assert result.code == 1
        assert result.out.startswith("↻ cannot be read") and problem in result.out
    data = json.loads(ptquiz("--trust", "--decks", deck, "try", "small/shape", "--json", stdin="[2, 3").out)
    assert (data["outcome"], data["checks"]) == ("unreadable", [])
    assert "`[` is not closed" in data["detail"]


@pytest.mark.jail
def test_printed_control_sequences_are_escaped(ptquiz: Command, deck: Path) -> None:
    printed = "print('\\x1b]0;title\\x07\\x1b[2J\\u202e')\ny = x * 2"
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", stdin=printed)
    assert result.code == 0
    assert "\x1b" not in result.out and "\u202e" not in result.out
    assert "\\x1b]0;title" in result.out
