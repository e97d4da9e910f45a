"""Line mode in a terminal: prompts, one line where that is enough, pasted blocks, and lines that are cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.tui.terminal import DECK, terminal

pytestmark = [pytest.mark.jail, pytest.mark.slow]

COLUMNS = 50
QUESTION = "Join `x` to itself along the rows. Bind it to `answer`."


@pytest.fixture
def study(home: Path, tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """Line mode in a terminal, at its first prompt."""
    deck = tmp_path / "joining.yaml"
    deck.write_text(DECK, encoding="utf-8")
    with terminal(
        home, "--decks", str(deck), "--trust", "study", "--plain", "joining", size=(24, COLUMNS), TERM="dumb"
    ) as child:
        child.expect_exact("\r\n> ")
        yield child


def test_text_is_wrapped_once_and_one_line_is_an_answer(study: pexpect.spawn[str]) -> None:
    shown = str(study.before).split("\r\n")
    assert max(map(len, shown)) <= COLUMNS
    assert "Join `x` to itself along the rows. Bind it to" in shown and "`answer`." in shown
    study.sendline("answer = torch.cat((x, x))")
    study.expect_exact("✓ passed")
    study.expect_exact("\r\n> ")
    study.sendline("")
    study.expect_exact("\r\n> ")
    study.sendline("q")
    study.expect_exact("1 reviewed, 1 passed")


def test_a_pasted_block_is_one_answer_with_its_indentation(study: pexpect.spawn[str]) -> None:
    study.send("def join(x):\r\n\treturn torch.cat((x, x))\r\n\r\nanswer = join(x)\r\n")
    study.expect_exact(["✓ passed", "... "])
    if study.match_index:
        # The terminal delivered the block in parts.
        study.sendline(".")
        study.expect_exact("✓ passed")


def test_a_line_that_the_terminal_cuts_is_no_try(study: pexpect.spawn[str]) -> None:
    study.sendline("")
    study.expect_exact("... ")
    study.sendline("answer = '" + "x" * 5000 + "'")
    study.sendline(".")
    study.expect_exact("error: the terminal drops what follows byte 4,095")
    study.expect_exact("\r\n> ")
    study.sendline("answer = torch.cat((x, x))")
    study.expect_exact("first try")
