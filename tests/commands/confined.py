"""Run as a program: ptquiz as another user, or with small files; and reviews until the store refuses."""

from __future__ import annotations

import importlib
import os
import resource
import sys
from pathlib import Path

from quizapp.cli import COMMANDS, main, report
from quizapp.errors import StoreError
from quizapp.review.store import Store
from quizapp.review.store.migrate import migrations
from tests.review.world import World, shelf

NOBODY = 65534


def become_nobody() -> None:
    """Root writes everywhere. What the program reads of its own files, and of Python's, is read before."""
    if os.geteuid() != 0:
        return
    migrations()
    for place, _ in COMMANDS.values():
        importlib.import_module(f"quizapp.commands.{place.partition(':')[0]}")
    for late in ("quizapp.review.store_access", "urllib.parse"):
        importlib.import_module(late)
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def fill(home: Path) -> None:
    """Review one card again and again, each with a long draft, until the store refuses; fails if it never does."""
    done = 0
    try:
        world = World(home, shelf("small/c0"), durable=True)
        for number in range(2000):
            world.session(cards=["small/c0"])
            world.review("small/c0")
            done += 1
            world.store.work.save_draft("small/c0", str(number) * 4000, world.clock())
    except StoreError as error:
        print("acknowledged", done, flush=True)
        report(error)
        sys.exit(error.exit_code)


def count(home: Path) -> None:
    with Store(home / "reviews.db") as store:
        assert store.database.rows("pragma integrity_check") == [("ok",)]
        print("found", len(store.log.reviews()))


if __name__ == "__main__":
    arguments, home = sys.argv[1:], Path(os.environ["PTQUIZ_HOME"])
    if arguments[0] == "--as-nobody":
        become_nobody()
        main(arguments[1:])
    if arguments[0] == "--largest-file":
        largest = int(arguments[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        arguments = arguments[2:]
    {"fill": fill, "count": count}[arguments[0]](home)
