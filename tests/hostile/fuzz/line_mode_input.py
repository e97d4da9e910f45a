"""Standard input of line mode."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, cast

from quizapp.commands.line_input import LineInput
from quizapp.commands.line_mode import LineMode
from quizapp.decks.card import CardKind, Choice
from quizapp.error_log import ErrorLog
from quizapp.text.printable import INVISIBLE
from tests.hostile.fuzz.inputs import mutated, of_tokens
from tests.hostile.fuzz.scratch import new_folder
from tests.hostile.fuzz.target import Target
from tests.review.harness import StudyHarness, make_card, make_library

if TYPE_CHECKING:
    from quizapp.sandbox.client import Sandbox

CARDS = (
    make_card("a/code", hints=("h",)),
    make_card("a/predict", kind=CardKind.PREDICT, given="x = 1"),
    make_card("a/order", kind=CardKind.ORDER, distract=("answer = 2",)),
    make_card("a/choice", kind=CardKind.CHOICE, choices=(Choice("one", True), Choice("two"))),
)
SEEDS = [
    b"?\nh\nright\n.\n3\n=\nx = 1\n.\ng\n1\n2 1\n.\n\nu\n1\n.\n4\n",
    b"k\nb\ns\nu\nu\nwrong\n.\ng\n2\nq\n",
    b"right\r\n.\r\n\r\nright\n",
]
TOKENS = [*(f"{key}\n".encode() for key in "?hgq=kbsu.1234。"), b"right\n.\n", b"1 2\n.\n", b"2,1\n.\n", b"\n", b"\r"]


class NoSandbox:
    """A sandbox that is never asked: the grader is a fake one."""

    machine = None
    ready = True

    def start(self) -> None:
        """Do nothing."""


def read(data: bytes) -> object:
    """Study four cards by typing `data`; every character that is printed must be visible, and no bug logged."""
    printed: list[str] = []
    lines = LineInput(io.BytesIO(data).readline)
    with new_folder() as folder:
        study = StudyHarness(Path(folder), make_library(*CARDS))
        try:
            errors = ErrorLog(Path(folder, "errors.log"), study.clock)
            LineMode(study.session(), cast("Sandbox", NoSandbox()), lines, printed.append, errors).study()
            assert errors.count() is None, errors.path.read_text(encoding="utf-8")
        finally:
            study.store.close()
    text = "".join(printed)
    assert all(unicodedata.category(character) not in INVISIBLE for character in set(text) - {"\n", "\t"})
    return text


TARGET = Target(read, mutated(SEEDS, TOKENS) | of_tokens(TOKENS), examples=80)
