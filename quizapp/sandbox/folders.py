"""Removing a folder that a stranger has filled: as deep, as long and as forbidding as it may be."""

from __future__ import annotations

import contextlib
import os
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
