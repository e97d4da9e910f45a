"""`ptquiz edit`: saves of the file, and each key."""

from __future__ import annotations

import signal
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from quizapp.commands.own_editor.edit_session import EditSession
from quizapp.commands.own_editor.key_input import KeyInput
from quizapp.commands.own_editor.watch_page import WatchPage
from quizapp.commands.own_editor.work_file import MARKER
from quizapp.grading.cancellable_grader import CancellableGrader
from quizapp.sandbox.client import Sandbox
from tests.commands.conftest import Command, count_learned
from tests.commands.own_editor.driver import Driver, provider_with
from tests.tui.terminal import terminal

RIGHT, WRONG = "y = x * 2", "y = x + 2"
Edit = Callable[..., Driver]


@pytest.fixture
def edit(
    sandbox: Sandbox, deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Edit]:
    """Begin a session on the named cards in the real sandbox, without an editor."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    providers = []

    def begin(*cards: str) -> Driver:
        provider = provider_with(sandbox, deck)
        providers.append(provider)
        grader = CancellableGrader(provider.grader)
        session = provider.services.session(provider.settings, None, cards or ("small/twice",), grader=grader)
        page = WatchPage(has_keys=False)
        driver = Driver(EditSession(provider, session, KeyInput(), page, grader.cancel, opens=False), capsys)
        driver.begin()
        return driver

    yield begin
    for provider in providers:
        provider.store.close()


def session_of(driver: Driver) -> EditSession:
    assert isinstance(driver.loop, EditSession)
    return driver.loop


def attempts(driver: Driver, card: str = "small/twice") -> list[str]:
    """Return the stored answers, oldest first."""
    return [attempt.answer for attempt in reversed(session_of(driver).session.store.drafts.attempts(card))]


def reviews(driver: Driver) -> int:
    return session_of(driver).session.totals.reviews


def test_the_file_has_question_and_starter_and_each_save_is_submitted(edit: Edit, home: Path) -> None:
    driver = edit()
    assert driver.path == home / "work" / "small" / "twice.py"
    text = driver.path.read_text(encoding="utf-8")
    assert "# Bind `y` to twice `x`." in text and text.endswith(f"{MARKER}\ny = ...\n")
    assert "That adds two." in driver.save(WRONG)
    out = driver.save(RIGHT)
    assert "✓ passed" in out and "Doubling keeps the dtype." in out and "n: Hard (2 tries, no hints)" in out
    assert attempts(driver) == [WRONG, RIGHT]


def test_an_answer_that_did_not_change_is_not_a_try(edit: Edit) -> None:
    driver = edit()
    driver.save("y = ...")
    driver.save(WRONG)
    driver.save(WRONG)
    assert attempts(driver) == [WRONG]
    driver.press("r")
    assert attempts(driver) == [WRONG, WRONG]


def test_the_line_of_an_error_is_that_of_the_file(edit: Edit) -> None:
    driver = edit()
    out = driver.save("a = 1\ny = nothing")
    number = driver.path.read_text(encoding="utf-8").splitlines().index("y = nothing") + 1
    assert f"{driver.path}:{number}\n" in out


def test_a_file_without_the_marker_is_an_answer(edit: Edit) -> None:
    assert "✓ passed" in edit().save(RIGHT.encode())


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        (b"y = '\xff'", "not UTF-8"),
        (b"", "there is nothing to submit yet"),
        (f"{MARKER}\n\n".encode(), "there is nothing to submit yet"),
        (b"y = '" + b"x" * 70_000 + b"'", "the answer has 70,006 characters, and at most 65,536 are graded"),
        (b"y = 1\n" * 200_000, "larger than 1 MiB"),
    ],
)
def test_what_cannot_be_graded_is_one_message_and_no_try(edit: Edit, saved: bytes, message: str) -> None:
    driver = edit()
    assert message in driver.save(saved)
    assert attempts(driver) == []
    assert "✓ passed" in driver.save(RIGHT)


def test_the_file_may_be_deleted_and_replaced(edit: Edit) -> None:
    driver = edit()
    driver.path.unlink()
    assert driver.finish() == ""
    driver.path.mkdir()
    assert "not a file" in driver.finish()
    driver.path.rmdir()
    other = driver.path.with_name("other")
    other.write_text(RIGHT, encoding="utf-8")
    other.replace(driver.path)
    assert "✓ passed" in driver.finish()


def test_of_two_saves_during_one_run_only_the_last_counts(edit: Edit) -> None:
    driver = edit()
    for answer in ("while True: pass", WRONG):
        driver.path.write_text(answer, encoding="utf-8")
        while not driver.loop.runs.is_running:
            driver.loop.step()
    # The second save is noticed while the first answer, which has no end, is running.
    driver.finish_steps()
    driver.save(RIGHT)
    assert attempts(driver)[-1] == RIGHT and "while True: pass" not in attempts(driver)


def test_a_key_rates_only_after_a_right_answer(edit: Edit) -> None:
    driver = edit()
    driver.save(WRONG)
    driver.press("n1234")
    assert reviews(driver) == 0
    driver.save(RIGHT)
    assert "Good. Next time:" in driver.press("3")
    assert reviews(driver) == 1


def test_n_accepts_the_proposal_and_goes_on(edit: Edit) -> None:
    driver = edit("small/twice", "small/shape")
    driver.save(RIGHT)
    out = driver.press("n")
    assert "Good. Next time:" in out and "work/small/shape.py:" in out
    assert "torch.Size([2, 3])" in driver.save("(2, 3)")


def test_pasted_text_is_no_key(edit: Edit) -> None:
    driver = edit()
    driver.save(RIGHT)
    driver.loop.keys.add("megabytes((2,2)")
    driver.loop.keys.add("\x1b[1~\x1b[3;5~\x1bn")
    driver.finish()
    assert reviews(driver) == 0


def test_hints_are_counted(edit: Edit) -> None:
    driver = edit()
    assert "A star multiplies." in driver.press("h")
    assert "Try 2 * x." in driver.press("h")
    assert "no more hints" in driver.press("h")
    assert "n: Again (first try, 2 hints)" in driver.save(RIGHT)


def test_giving_up_is_confirmed_and_shows_the_reference(edit: Edit) -> None:
    driver = edit()
    assert "reference" not in driver.press("g")
    assert "reference" not in driver.press("hg")
    out = driver.press("g")
    assert "the reference:\n    y = x * 2" in out and "n: Again (gave up)" in out
    assert "Again." in driver.press("n")
    assert reviews(driver) == 1


def test_l_lists_what_is_left_with_its_state(edit: Edit) -> None:
    driver = edit()
    driver.save(RIGHT)
    driver.press("n")
    assert driver.path.name == "twice.py"
    out = driver.press("l")
    assert "left today: 0 new · 1 learning · 0 due" in out
    assert "> learning " in out and "  new " in out


def test_a_skipped_card_keeps_its_draft(edit: Edit) -> None:
    driver = edit("small/twice", "small/shape")
    driver.save(WRONG)
    assert "skipped" in driver.press("s")
    session = session_of(driver).session
    assert session.store.drafts.draft("small/twice") == WRONG and reviews(driver) == 0


def test_choices_and_lines_are_numbers(edit: Edit) -> None:
    driver = edit("small/pick", "small/sort")
    text = driver.path.read_text(encoding="utf-8")
    number = 1 if "1. torch.zeros(2)" in text else 2
    assert "is not a list of the shown numbers" in driver.save("seven")
    assert "✓ passed" in driver.save(str(number))
    driver.press("n")
    text = driver.path.read_text(encoding="utf-8")
    assert "✓ passed" in driver.save("1 2" if "1. a = 1" in text else "2 1")


def test_what_was_typed_is_saved_as_the_draft_at_the_end_and_is_there_again(edit: Edit) -> None:
    driver = edit()
    above = driver.path.read_text(encoding="utf-8").partition(MARKER)[0]
    driver.path.write_text(f"{above}{MARKER}\ny = 2\n", encoding="utf-8")
    session_of(driver).finish()
    assert edit().path.read_text(encoding="utf-8").endswith(f"{MARKER}\ny = 2\n")


def test_names_of_cards_and_decks_are_not_mixed(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "edit", "small", "small/twice")
    assert result.code == 2 and "name cards or decks" in result.err
    assert ptquiz("--decks", deck, "edit", "smal").code == 2


def test_without_a_terminal_there_are_no_keys(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "edit", "small")
    assert result.code == 2 and "ptquiz try --watch" in result.err


def flags(child: pexpect.spawn[str]) -> int:
    """Return whether the terminal echoes and waits for whole lines."""
    return int(termios.tcgetattr(child.child_fd)[3]) & (termios.ECHO | termios.ICANON)


@pytest.mark.jail
@pytest.mark.slow
def test_a_card_is_answered_and_rated_in_a_terminal(home: Path, deck: Path, ptquiz: Command) -> None:
    path = home / "work" / "small" / "twice.py"
    with terminal(home, "--decks", str(deck), "--trust", "edit", "small/twice") as child:
        child.expect_exact("open it in another terminal")
        child.expect_exact("q quit")
        before = path.read_text(encoding="utf-8")
        swap = path.with_name("twice.swp")
        swap.write_text(before.replace("y = ...", RIGHT), encoding="utf-8")
        swap.replace(path)
        child.expect_exact("✓ passed")
        child.expect_exact("n accept")
        child.send("n")
        child.expect_exact("Good.")
        child.expect_exact("q quit")
        child.send("q")
        child.expect_exact("1 card in 0 min")
        child.expect(pexpect.EOF)
        assert flags(child) == termios.ECHO | termios.ICANON
    assert child.exitstatus == 0
    assert count_learned(ptquiz, deck) == 1


@pytest.mark.jail
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_saves_the_draft(home: Path, deck: Path, number: int) -> None:
    path = home / "work" / "small" / "twice.py"
    with terminal(home, "--decks", str(deck), "--trust", "edit", "small/twice") as child:
        child.expect_exact("q quit")
        assert not flags(child)
        path.write_text(path.read_text(encoding="utf-8").replace("y = ...", "y = 3"), encoding="utf-8")
        child.kill(number)
        child.expect(pexpect.EOF)
        assert flags(child) == termios.ECHO | termios.ICANON
    assert child.exitstatus == 0
    with terminal(home, "--decks", str(deck), "--trust", "edit", "small/twice") as child:
        child.expect_exact("q quit")
        assert path.read_text(encoding="utf-8").endswith(f"{MARKER}\ny = 3\n")
