"""Run as a program: reviews as fast as the store takes them, until `count` are acknowledged or the store refuses."""

from __future__ import annotations

import importlib
import os
import resource
import sys
from pathlib import Path

from quizapp.errors import StoreError
from quizapp.review.store.migrate import migrations
from tests.review.world import World, shelf

NOBODY = 65534


def main(folder: Path, name: str, count: int, largest_file: int = 0, unprivileged: bool = False) -> None:
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    if unprivileged and os.geteuid() == 0:
        # Root writes everywhere. What is needed from the program's own files and from Python's is read before.
        migrations()
        importlib.import_module("urllib.parse")
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    world, done = World(folder, shelf(name), durable=True), 0
    # What is due can be told of a store that cannot be written to.
    assert world.session().counts()[name.partition("/")[0]].total == 1
    try:
        for _ in range(count):
            world.review(name)
            done += 1
    except StoreError as error:
        print(error.message)
        print(error.hint)
    print(done)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
