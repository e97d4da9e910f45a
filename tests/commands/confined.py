"""A program for tests: run ptquiz as an unprivileged user, fill a store under a file size limit, count its reviews."""

from __future__ import annotations

import importlib
import os
import pkgutil
import resource
import sys
from pathlib import Path

import quizapp.review
from quizapp.cli import COMMANDS, main, report
from quizapp.errors import StoreError
from quizapp.review.store import Store
from quizapp.review.store.migrate import migrations
from tests.review.harness import StudyHarness, make_library

NOBODY = 65534


def become_nobody() -> None:
    """Drop root, which may write every file; the imports come first, as the user may not read Python's files."""
    if os.geteuid() != 0:
        return
    migrations()
    for target, _ in COMMANDS.values():
        importlib.import_module(f"quizapp.commands.{target.partition(':')[0]}")
    names = [module.name for module in pkgutil.walk_packages(quizapp.review.__path__, "quizapp.review.")]
    for module in (*names, "urllib.parse"):
        importlib.import_module(module)
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def fill_store(home: Path) -> None:
    """Review a card with long drafts until the store raises an error, then print how many reviews were saved."""
    saved = 0
    try:
        study = StudyHarness(home, make_library("small/c0"), durable=True)
        for number in range(2000):
            study.session(cards=["small/c0"])
            study.review("small/c0")
            saved += 1
            study.store.drafts.save_draft("small/c0", str(number) * 4000, study.clock())
    except StoreError as error:
        print("acknowledged", saved, flush=True)
        report(error)
        sys.exit(error.exit_code)


def count_reviews(home: Path) -> None:
    """Print how many reviews an intact store contains."""
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
    {"fill": fill_store, "count": count_reviews}[arguments[0]](home)
