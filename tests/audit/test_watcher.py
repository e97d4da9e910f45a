"""Deck files that change while they are watched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from quizapp.audit.watcher import changed_files
from tests.decks.making import deck_text, plain_card, write


class WatchEnded(Exception):
    """Raised by the fake sleep to end a watch."""


def watch(folder: Path, *saves: dict[str, str]) -> Iterator[list[str]]:
    """Yield the names of the changed decks at first and after each of the `saves` (file name -> text)."""
    pending = list(saves)

    def sleep(seconds: float) -> None:
        if not pending:
            raise WatchEnded
        for name, text in pending.pop(0).items():
            path = write(folder, text, name)
            mtime = path.stat().st_mtime_ns + 1_000_000 * (len(saves) - len(pending))
            os.utime(path, ns=(mtime, mtime))

    try:
        for changed in changed_files([folder], sleep):
            yield sorted(path.name for path in changed)
    except WatchEnded:
        return


def test_a_watch_reports_all_decks_first_and_then_the_changed_ones(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a"), slug="one"), "one.yaml")
    write(tmp_path, deck_text(plain_card("a"), slug="two"), "two.yaml")
    reported = list(
        watch(
            tmp_path,
            {"one.yaml": "changed"},
            {},
            {"three.yaml": "new"},
            {"two.zh.yaml": "translates: two"},
        )
    )
    assert reported == [["one.yaml", "two.yaml"], ["one.yaml"], ["three.yaml"], ["two.yaml"]]
