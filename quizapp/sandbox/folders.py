"""Removing a folder that a stranger has filled: as deep, as long and as forbidding as it may be."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MAX_PASSES = 1_000_000


def remove_tree(folder: Path) -> None:
    """Remove `folder` with all in it, following no link; what cannot be removed is left.

    What lies in a folder within it is moved up before that folder goes, so that neither
    depth nor the length of a path matters.
    """
    try:
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        passes = 0
        while (names := os.listdir(root)) and passes < MAX_PASSES:
            if not sum(_remove(root, name, passes) for name in names):
                break
            passes += 1
    finally:
        os.close(root)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _remove(root: int, name: str, salt: int) -> bool:
    """Remove one entry of the folder `root`, or bring what is in it up; whether anything changed."""
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=root)
        return True
    with contextlib.suppress(OSError):
        os.rmdir(name, dir_fd=root)
        return True
    with contextlib.suppress(OSError):
        os.chmod(name, 0o700, dir_fd=root, follow_symlinks=True)
    moved = False
    with contextlib.suppress(OSError):
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
        try:
            for place, child in enumerate(os.listdir(inner)):
                os.rename(child, f"{salt}-{os.fstat(inner).st_ino}-{place}", src_dir_fd=inner, dst_dir_fd=root)
                moved = True
        finally:
            os.close(inner)
    return moved
