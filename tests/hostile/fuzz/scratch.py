"""The folder in which targets write the files that they read."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp


@cache
def scratch_folder() -> Path:
    """Return a folder that exists as long as this process."""
    folder = mkdtemp(prefix="ptquiz-fuzz-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return Path(folder)


def scratch_file(name: str, data: bytes) -> Path:
    """Return the path of a file that contains `data`."""
    path = scratch_folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def new_folder() -> TemporaryDirectory[str]:
    """Return an empty folder for one input."""
    return TemporaryDirectory(dir=scratch_folder())
