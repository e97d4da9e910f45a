"""Many changed decks are read by two processes at once: a helper reads some of them into the cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from quizapp.decks.cache import DeckCache

WORTH_A_PROCESS = 2 << 20
"""Bytes that take several times as long to read as a helper takes to start."""


@contextmanager
def helped(files: Sequence[Path], cache: DeckCache | None) -> Iterator[Sequence[Path]]:
    """The files that are left to read here; leaving waits for the helper that reads the others.

    The helper only fills `cache`: what it could not read, or not keep, is read here as if it had never been.
    """
    if cache is None or not _two_cores() or _size(files) < WORTH_A_PROCESS:
        yield files
        return
    half = _size(files) / 2
    here = next(number for number in range(len(files) + 1) if _size(files[:number]) >= half)
    yield from _beside(files[:here], files[here:], cache)


def _beside(own: Sequence[Path], others: Sequence[Path], cache: DeckCache) -> Iterator[Sequence[Path]]:
    command = [sys.executable, "-P", "-m", __name__, str(cache.folder), *map(str, others)]
    try:
        helper = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        # Too many names for one command line, or no process to be had.
        yield [*own, *others]
        return
    with helper:
        try:
            yield own
        except BaseException:
            helper.kill()
            raise


def _two_cores() -> bool:
    return (os.cpu_count() or 1) > 1


def _size(files: Sequence[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


def main(folder: str, *files: str) -> None:
    """Read `files` into the cache in `folder`; what is wrong with them is for the other process to tell."""
    from quizapp.decks.reader import read_files

    read_files([Path(file) for file in files], [], DeckCache(Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
