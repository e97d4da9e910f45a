"""The log of unexpected exceptions."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quizapp.error_log import MAX_BYTES, MAX_TRACE, START, ErrorLog

ANSWER = "secret = torch.ones(3)\nanswer = secret"


@pytest.fixture
def log(tmp_path: Path) -> ErrorLog:
    return ErrorLog(tmp_path / "cache" / "errors.log", lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def raised(error: Exception) -> Exception:
    """Return `error` with a traceback."""
    try:
        raise error
    except Exception as caught:
        return caught


def test_an_entry_has_time_versions_operation_and_traceback(log: ErrorLog) -> None:
    line = log.add(raised(KeyError("lost")), "grade small/twice", ANSWER)
    text = log.path.read_text(encoding="utf-8")
    assert str(log.path) in line and "KeyError" in line and "report" in line and "\n" not in line
    assert text.startswith(f"{START}2026-01-02T03:04:05+00:00\n  during: grade small/twice\n  versions: ptquiz ")
    assert "torch 2" in text and "Python 3" in text
    assert "Traceback (most recent call last):" in text and "in raised" in text and "KeyError: 'lost'" in text


def test_only_the_owner_can_read_it(log: ErrorLog) -> None:
    log.add(raised(KeyError()), "grade")
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot read {ANSWER}"),
        KeyError(ANSWER),
        SyntaxError("bad", ("<answer>", 2, 1, "answer = secret")),
    ],
)
def test_the_answer_is_not_in_the_file(log: ErrorLog, error: Exception) -> None:
    try:
        raise RuntimeError("a bug") from error
    except RuntimeError as caught:
        log.add(caught, "grade", ANSWER)
    text = log.path.read_text(encoding="utf-8")
    assert type(error).__name__ in text and f"answer: {len(ANSWER)} characters, SHA-256 " in text
    assert "answer = secret" not in text and "torch.ones" not in text


def test_a_long_traceback_loses_its_middle(log: ErrorLog) -> None:
    log.add(raised(ValueError("a" * (1 << 20))), "grade")
    assert MAX_TRACE < log.path.stat().st_size < 2 * MAX_TRACE


def test_entries_are_counted_whatever_their_text_is(log: ErrorLog) -> None:
    assert log.count() is None
    for message in ("one", f"\n{START}now\n\x1b[31m\udcff"):
        log.add(raised(ValueError(message)), f"grade\n{START}")
    assert log.count() == 2
    assert b"\x1b" not in log.path.read_bytes()


def test_a_full_file_is_kept_beside_a_new_one(log: ErrorLog) -> None:
    log.add(raised(KeyError()), "grade")
    log.path.write_bytes(b"x" * MAX_BYTES)
    log.add(raised(KeyError()), "grade")
    older = log.path.with_name("errors.log.1")
    assert (log.count(), older.stat().st_size) == (1, MAX_BYTES)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_file_that_cannot_be_written_is_reported_and_not_raised(log: ErrorLog, make: object) -> None:
    log.path.parent.mkdir()
    make(log.path)  # type: ignore[operator]
    line = log.add(raised(KeyError()), "grade")
    assert "KeyError" in line and "cannot be written" in line and str(log.path) in line
