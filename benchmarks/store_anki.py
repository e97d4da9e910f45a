"""Anki's side of store.py: the same cards and reviews in Anki's library. Run by a Python with `anki`."""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection
from timing import milliseconds

DECKS = 50
DUE = 300
DAY = 86_400
SPREAD = 0.012
"""As in store.py."""


def build(path: Path, cards: int, reviews: int) -> None:
    """Create a collection of `cards` cards in 50 decks, nine in ten of them learned, with `reviews` reviews."""
    collection = Collection(str(path))
    collection.set_config("fsrs", True)
    model = collection.models.by_name("Basic")
    decks = [collection.decks.id(f"all::deck-{number:02}") for number in range(DECKS)]
    for first in range(0, cards, 5000):
        requests = []
        for number in range(first, min(first + 5000, cards)):
            note = collection.new_note(model)
            note["Front"], note["Back"] = f"card-{number:06}", "answer = 1"
            requests.append(AddNoteRequest(note=note, deck_id=decks[number * DECKS // cards]))
        collection.add_notes(requests)
    config = collection.decks.config_dict_for_deck_id(decks[0])
    config["new"]["perDay"], config["rev"]["perDay"] = 10, 9999
    collection.decks.update_config(config)
    today = collection.sched.today
    ids = [row[0] for row in collection.db.all("select id from cards order by id")]
    collection.close()
    _fill(path, ids[: cards * 9 // 10], reviews, today)


def _fill(path: Path, learned: list[int], reviews: int, today: int) -> None:
    """Write histories directly into the file: a million of them would take an hour through the library."""
    rng = random.Random(1)
    file = sqlite3.connect(path)
    now = int(time.time())
    each = reviews // len(learned)
    rows, states, stamp = [], [], (now - 1800 * DAY) * 1000
    # As long as what Anki writes.
    data = f'{{"s":30.0,"d":5.0,"dr":0.9,"decay":0.154,"lrt":{now - 60 * DAY}}}'
    for place, card in enumerate(learned):
        for number in range(each):
            stamp += rng.randint(1, 2 * 1800 * DAY * 1000 // reviews)
            ease = rng.choice((1, 3, 3, 3, 3, 3, 3, 3, 2, 4))
            rows.append((stamp, card, -1, ease, 10 + number, 10, 2500, 60_000, 1))
        due = today if place % (len(learned) // DUE) == 0 else today + rng.randint(1, 300)
        states.append((due, 10 + each, each, data, card))
    file.executemany("insert or ignore into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    file.executemany("update cards set type = 2, queue = 2, due = ?, ivl = ?, reps = ?, data = ? where id = ?", states)
    file.commit()
    file.close()


def measure(path: Path, rounds: int, opens: int) -> dict[str, float]:
    """Return the median of each row in milliseconds, with the rows of store.py."""
    times: dict[str, list[float]] = {
        "open and next card": [_opened(path, lambda collection: collection.sched.getCard()) for _ in range(opens)],
        "open and due counts": [_opened(path, _counts) for _ in range(opens)],
        "next card": [],
        "answer": [],
        "due counts by deck": [],
    }
    collection = _open(path)
    card = collection.sched.getCard()
    for _ in range(rounds):
        card.start_timer()
        time.sleep(random.random() * SPREAD)
        times["answer"].append(milliseconds(partial(collection.sched.answerCard, card, 3)))
        times["due counts by deck"].append(milliseconds(lambda: _counts(collection)))
        elapsed, card = _timed(collection.sched.getCard)
        times["next card"].append(elapsed)
    collection.close()
    return {row: statistics.median(samples) for row, samples in times.items()}


def _counts(collection: Collection) -> Any:
    return collection.sched.deck_due_tree()


def _opened(path: Path, query: Callable[[Collection], Any]) -> float:
    start = time.perf_counter()
    collection = _open(path)
    assert query(collection)
    elapsed = (time.perf_counter() - start) * 1000
    collection.close()
    return elapsed


def _open(path: Path) -> Collection:
    collection = Collection(str(path))
    collection.decks.select(collection.decks.id("all"))
    return collection


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1000, result


if __name__ == "__main__":
    action, file, *numbers = sys.argv[1:]
    if action == "build":
        build(Path(file), *map(int, numbers))
    else:
        print(json.dumps(measure(Path(file), *map(int, numbers))))
