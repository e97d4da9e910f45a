"""Each save of a watched file is reported once, however the editor saves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quizapp.commands.own_editor.file_watch import FileWatch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "answer.py"
    path.write_text("y = 1\n", encoding="utf-8")
    return path


def polls(watch: FileWatch, count: int = 4) -> list[bool]:
    return [watch.is_saved() for _ in range(count)]


def test_a_file_that_is_not_saved_is_not_reported(path: Path) -> None:
    assert not any(polls(FileWatch(path)))


def test_a_save_is_reported_once_and_after_one_poll_without_a_change(path: Path) -> None:
    watch = FileWatch(path)
    path.write_text("y = 22\n", encoding="utf-8")
    assert polls(watch) == [False, True, False, False]


def test_a_save_in_several_writes_is_reported_at_its_end(path: Path) -> None:
    watch = FileWatch(path)
    seen = []
    for text in ("", "y", "y = 3"):
        path.write_text(text, encoding="utf-8")
        seen.append(watch.is_saved())
    assert not any(seen)
    assert polls(watch) == [True, False, False, False]


def test_a_file_that_is_replaced_by_another_is_saved(path: Path) -> None:
    watch = FileWatch(path)
    other = path.with_name("answer.py~")
    other.write_text("y = 1\n", encoding="utf-8")
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert polls(watch) == [False, True, False, False]


def test_a_deleted_file_is_reported_when_it_is_back(path: Path) -> None:
    watch = FileWatch(path)
    path.unlink()
    assert not any(polls(watch))
    path.write_text("y = 22\n", encoding="utf-8")
    assert polls(watch) == [False, True, False, False]


def test_a_file_may_be_missing_at_first(tmp_path: Path) -> None:
    watch = FileWatch(tmp_path / "later.py")
    assert not any(polls(watch))
    (tmp_path / "later.py").write_text("y = 1\n", encoding="utf-8")
    assert polls(watch) == [False, True, False, False]
