"""Where an answer of line mode ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.commands.answer_reader import TypedText, read_answer
from quizapp.commands.line_input import MAX_LINE, LineInput, UnreadableLine
from quizapp.decks.card import Card, CardKind, Check
from tests.review.harness import make_card

SHORT = make_card("a/short", starter="answer = ...")
LONG = make_card("a/long", starter="def f():\n    ...")
CHOICE = make_card("a/choice", kind=CardKind.CHOICE)
ORDER = make_card("a/order", kind=CardKind.ORDER)
PREDICT = make_card("a/predict", kind=CardKind.PREDICT)
PRINTED = Card("a", "printed", "?", kind=CardKind.PREDICT, checks=(Check("stdout"),))


def read(card: Card, *blocks: str, is_terminal: bool = True) -> TypedText:
    """Read from blocks of lines: within one, each line arrives at once."""
    lines: Iterator[tuple[str, bool]] = iter(
        [(line, line is not block[-1]) for block in (b.splitlines(keepends=True) for b in blocks) for line in block]
    )
    more = [False]

    def read_bytes() -> bytes:
        line, more[0] = next(lines, ("", False))
        return line.encode("utf-8", "surrogateescape")

    return read_answer(LineInput(read_bytes, is_terminal, has_more=lambda: more[0]), card, {"h"})


@pytest.mark.parametrize(
    ("card", "blocks", "expected"),
    [
        (PREDICT, ["2x3\n", "next\n"], "2x3"),
        (PREDICT, ["\n", "2x3\n", ".\n"], "2x3"),
        (PREDICT, ["[[1, 2],\n", " [3, 4]]\n", "next\n"], "[[1, 2],\n [3, 4]]"),
        (PREDICT, ["1\n2\n", "next\n"], "1\n2"),
        (PREDICT, ["(2, 3\n", ".\n"], "(2, 3"),
        (PREDICT, ["'('\n", "next\n"], "'('"),
        (PRINTED, ["\n", "a\n", ".\n"], "\na"),
        (CHOICE, ["1 3\n2\n"], "1 3"),
        (ORDER, ["2 1\n", "next\n"], "2 1"),
        (SHORT, ["answer = 1\n", "next\n"], "answer = 1"),
        (SHORT, ["x = 1\n", "answer = x\n", ".\n"], "x = 1\nanswer = x"),
        (SHORT, ["\n", "answer = 1\n", "answer += 1\n", ".\n"], "answer = 1\nanswer += 1"),
        (SHORT, ["if True:\n    x = 1\n\n    answer = x\n", "next\n"], "if True:\n    x = 1\n\n    answer = x"),
        (LONG, ["answer = 1\n", "    b\n", "。\n"], "answer = 1\n    b"),
        (LONG, ["h\n"], "h"),
    ],
)
def test_on_a_terminal_one_line_or_a_pasted_block_is_an_answer_where_that_is_enough(
    card: Card, blocks: list[str], expected: str
) -> None:
    assert read(card, *blocks) == TypedText(expected)


@pytest.mark.parametrize("card", [PREDICT, CHOICE, ORDER, SHORT, LONG])
def test_without_a_terminal_every_answer_ends_with_a_full_stop(card: Card) -> None:
    assert read(card, "\n1\n2\n.\n", is_terminal=False) == TypedText("1\n2")


def test_the_end_of_the_input_does_not_finish_an_answer() -> None:
    assert read(LONG, "answer = '\udcff'\n") == TypedText("answer = '\ufffd'", is_finished=False)


@pytest.mark.parametrize(
    ("line", "is_terminal", "message"),
    [("\udcff", False, "not valid UTF-8"), ("x" * MAX_LINE, True, "the terminal drops what follows byte 4,095")],
)
def test_a_line_that_was_not_received_as_typed_is_reported_after_the_answer(
    line: str, is_terminal: bool, message: str
) -> None:
    with pytest.raises(UnreadableLine, match=message):
        read(LONG, f"{line}\n", "b\n", ".\n", is_terminal=is_terminal)


def test_a_long_line_of_a_script_is_not_cut() -> None:
    assert read(LONG, "x" * MAX_LINE + "\n.\n", is_terminal=False).text == "x" * MAX_LINE
