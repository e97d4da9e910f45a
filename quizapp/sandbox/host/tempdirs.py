"""Folders for temporary files: held while their process lives, removed whatever a stranger has filled them with."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Container
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_tree(folder: Path) -> None:
    """Remove `folder` with all in it, following no link; what cannot be removed is left.

    Goes down and up one step at a time, with one folder open: neither depth nor the length of a path matters.
    """
    try:
        here = os.open(folder, FOLDER)
    except OSError:
        return
    names: list[str] = []
    waiting = [_clear(here)]
    try:
        while waiting:
            if waiting[-1]:
                name = waiting[-1].pop()
                with contextlib.suppress(OSError):
                    here = _step(here, name)
                    names.append(name)
                    waiting.append(_clear(here))
                continue
            waiting.pop()
            if names:
                here = _step(here, "..")
                with contextlib.suppress(OSError):
                    os.rmdir(names.pop(), dir_fd=here)
    except OSError:
        # Something is not as it was left; the rest stays.
        pass
    finally:
        os.close(here)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _clear(here: int) -> list[str]:
    """Remove the files of an open folder; the names of the folders in it, each of which can now be entered."""
    inner = []
    for name in os.listdir(here):
        try:
            os.unlink(name, dir_fd=here)
        except OSError:
            inner.append(name)
            with contextlib.suppress(OSError):
                os.chmod(name, 0o700, dir_fd=here)
    return inner


def _step(here: int, name: str) -> int:
    there = os.open(name, FOLDER, dir_fd=here)
    os.close(here)
    return there


class TempDir:
    """A folder for temporary files that is ours as long as this process lives."""

    def __init__(self) -> None:
        # Resolved, because a profile of macOS compares real paths.
        self.path = Path(tempfile.mkdtemp(prefix=f"ptquiz-{os.getpid()}-")).resolve()
        self._lock = os.open(self.path, FOLDER)
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def remove(self) -> None:
        remove_tree(self.path)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def sweep(owners: Container[int]) -> None:
    """Remove the folders that killed processes have left, where one of `owners` owns them."""
    for path in Path(tempfile.gettempdir()).glob("ptquiz-*-*"):
        number = path.name.split("-")[1]
        # The number tells of processes that hold no lock yet, the lock of those that another container numbers.
        if number.isdecimal() and not _lives(int(number)):
            _sweep(path, owners)


def _sweep(path: Path, owners: Container[int]) -> None:
    with contextlib.suppress(OSError):
        folder = os.open(path, FOLDER)
        try:
            if os.fstat(folder).st_uid in owners:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(path)
        finally:
            os.close(folder)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
