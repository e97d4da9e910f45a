"""Line mode while the store cannot be written: nothing that was typed is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from quizapp.commands.line_input import LineInput
from quizapp.commands.line_mode import LineMode
from quizapp.error_log import ErrorLog
from quizapp.errors import StoreError
from quizapp.review.store import Store
from quizapp.sandbox.client import Sandbox
from tests.review.harness import StudyHarness, make_library

Step = str | Callable[[], object]


class ReadySandbox:
    """A sandbox that is never asked: the grader is a fake one."""

    machine = None
    ready = True

    def start(self) -> None:
        """Do nothing."""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[StudyHarness]:
    study = StudyHarness(tmp_path, make_library("small/one"))
    study.store.close()
    study.store = Store(tmp_path / "reviews.db", timeout=0.01)
    yield study
    study.store.close()


@pytest.fixture
def other(study: StudyHarness) -> Iterator[sqlite3.Connection]:
    """Another program with the same store open."""
    with closing(sqlite3.connect(study.store.path, isolation_level=None)) as connection:
        yield connection


def run(study: StudyHarness, steps: Iterable[Step]) -> str:
    """Type the lines of `steps` and call its functions between them; return what was printed."""
    printed: list[str] = []
    remaining = iter(steps)

    def read() -> bytes:
        for step in remaining:
            if isinstance(step, str):
                return f"{step}\n".encode()
            step()
        return b""

    errors = ErrorLog(study.folder / "errors.log", study.clock)
    LineMode(study.session(), cast("Sandbox", ReadySandbox()), LineInput(read), printed.append, errors).study()
    return "\n".join(printed)


def test_a_rating_is_asked_for_again_after_a_lock(study: StudyHarness, other: sqlite3.Connection) -> None:
    lock, unlock = (lambda: other.execute("begin immediate")), (lambda: other.execute("rollback"))
    printed = run(study, ["right", ".", lock, "3", unlock, "3", "q"])
    assert "in use by another program" in printed and "the rating is not saved: type it again" in printed
    assert "1 reviewed, 1 passed" in printed
    assert len(study.store.log.reviews()) == 1


def test_a_rating_is_asked_for_again_after_a_full_disk(study: StudyHarness) -> None:
    database = study.store.database

    def fill() -> None:
        database.rows(f"pragma max_page_count = {database.rows('pragma page_count')[0][0]}")
        with pytest.raises(StoreError, match="disk is full"):
            for number in range(200):
                study.store.drafts.save_draft("small/two", str(number) * 4000, study.clock())
        with pytest.raises(StoreError), database.transaction():
            for number in range(200):
                database.run("insert into meta (key, value) values (?, ?)", (f"{number}", "x" * 50))

    def free() -> None:
        database.rows("pragma max_page_count = 1000000")

    run(study, ["right", ".", fill, "3", free, "3", "q"])
    assert len(study.store.log.reviews()) == 1


def test_an_answer_is_kept_and_submitted_again_after_a_lock(study: StudyHarness, other: sqlite3.Connection) -> None:
    lock, unlock = (lambda: other.execute("begin immediate")), (lambda: other.execute("rollback"))
    printed = run(study, [lock, "right", ".", "=", unlock, ".", "3", "q"])
    assert "your answer is kept: a line that contains only a full stop submits it again" in printed
    assert "    right" in printed and "1 reviewed, 1 passed" in printed
    assert [attempt.answer for attempt in study.store.drafts.attempts("small/one")] == ["right"]


@pytest.mark.parametrize("end", [["q"], []])
def test_an_answer_that_was_not_saved_is_the_draft_after_the_end(
    study: StudyHarness, other: sqlite3.Connection, end: list[Step]
) -> None:
    lock, unlock = (lambda: other.execute("begin immediate")), (lambda: other.execute("rollback"))
    run(study, [lock, "half right", ".", unlock, *end])
    assert study.store.drafts.draft("small/one") == "half right"


@pytest.mark.parametrize("typed", [["right", "."], ["g", "3"]])
def test_the_end_of_the_input_after_a_failed_write_is_an_error(
    study: StudyHarness, other: sqlite3.Connection, typed: list[Step]
) -> None:
    with pytest.raises(StoreError, match="in use"):
        run(study, [lambda: other.execute("begin immediate"), *typed])
    other.execute("rollback")


def test_a_card_is_buried_at_the_second_try(study: StudyHarness, other: sqlite3.Connection) -> None:
    lock, unlock = (lambda: other.execute("begin immediate")), (lambda: other.execute("rollback"))
    printed = run(study, [lock, "b", unlock, "b", "q"])
    assert "in use by another program" in printed and "buried until tomorrow" in printed
