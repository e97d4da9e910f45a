"""A program that writes reviews until `count` are acknowledged or the store refuses one."""

from __future__ import annotations

import importlib
import os
import resource
import sys
from pathlib import Path

from quizapp.errors import StoreError
from quizapp.review.store.migrate import migrations
from tests.review.harness import StudyHarness, make_library

NOBODY = 65534
"""The user id of an unprivileged user."""


def main(folder: Path, name: str, count: int, max_file_size: int = 0, unprivileged: int = 0) -> None:
    if max_file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_size, max_file_size))
    if unprivileged and os.geteuid() == 0:
        # Root may write everywhere. Modules and migrations are read first: the new user may not have access to them.
        migrations()
        importlib.import_module("urllib.parse")
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    study, acknowledged = StudyHarness(folder, make_library(name), durable=True), 0
    # Counts can be read from a read-only store.
    assert study.session().counts()[name.partition("/")[0]].total == 1
    try:
        for _ in range(count):
            study.review(name)
            acknowledged += 1
    except StoreError as error:
        print(error.message)
        print(error.hint)
    print(acknowledged)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
