"""Temporary folders: locked while their process lives, and removed regardless of what untrusted code put into them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Container
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_tree(folder: Path) -> None:
    """Remove `folder` and its contents without following links; skip what cannot be removed.

    Descends one level at a time with a single descriptor open, so neither depth nor path length is limited.
    """
    try:
        current = os.open(folder, FOLDER)
    except OSError:
        return
    names: list[str] = []
    pending = [_clear(current)]
    try:
        while pending:
            if pending[-1]:
                name = pending[-1].pop()
                with contextlib.suppress(OSError):
                    current = _step(current, name)
                    names.append(name)
                    pending.append(_clear(current))
                continue
            pending.pop()
            if names:
                current = _step(current, "..")
                with contextlib.suppress(OSError):
                    os.rmdir(names.pop(), dir_fd=current)
    except OSError:
        # Another process has changed the tree; leave the rest.
        pass
    finally:
        os.close(current)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _clear(folder: int) -> list[str]:
    """Remove the files of an open folder; return the names of its subfolders, made accessible."""
    subfolders = []
    for name in os.listdir(folder):
        try:
            os.unlink(name, dir_fd=folder)
        except OSError:
            subfolders.append(name)
            with contextlib.suppress(OSError):
                os.chmod(name, 0o700, dir_fd=folder)
    return subfolders


def _step(folder: int, name: str) -> int:
    """Open `name` in `folder`, close `folder`, and return the new descriptor."""
    entered = os.open(name, FOLDER, dir_fd=folder)
    os.close(folder)
    return entered


class TempDir:
    """A temporary folder that is locked as long as this process lives."""

    def __init__(self) -> None:
        # Resolved, because sandbox profiles of macOS compare real paths.
        self.path = Path(tempfile.mkdtemp(prefix=f"ptquiz-{os.getpid()}-")).resolve()
        self._lock = os.open(self.path, FOLDER)
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def remove(self) -> None:
        """Remove the folder, then release its lock."""
        remove_tree(self.path)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def sweep(owners: Container[int]) -> None:
    """Remove the folders of killed processes if one of `owners` (user ids) owns them."""
    for path in Path(tempfile.gettempdir()).glob("ptquiz-*-*"):
        pid = path.name.split("-")[1]
        # The PID protects processes that hold no lock yet, the lock those in another PID namespace.
        if pid.isdecimal() and not _is_running(int(pid)):
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


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
