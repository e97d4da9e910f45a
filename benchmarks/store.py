"""The store beside Anki's own library: open and next card, answer, due counts, statistics, and how they grow.

    python benchmarks/store.py

Anki gets an environment of its own (`--anki PYTHON` names one that is there already, `--no-anki` leaves it out). Both
sides hold the same number of cards and reviews and are measured in turns. Medians; trust the ratios, each turn's own.
Due counts are asked for after every answer, as they are when a session ends: on both sides something has changed.

An answer ends when the disk has it, and most of its time is the disk's: so it is measured once more in memory, where
only the programs' own work is left. A disk takes writes at a beat of its own; each answer begins at a random moment,
so that neither side falls into step with it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics as average
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from timing import milliseconds

from quizapp.decks.card import Card, Check, Deck
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.days import Days
from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.session import Session
from quizapp.review.statistics import statistics
from quizapp.review.store import Store
from quizapp.review.store.row_mapping import EntryKind, memory_values, micro
from quizapp.review.store.sql_statements import statements
from quizapp.settings import Settings

DECKS = 50
DUE = 300
ROUNDS = 30
OPENS = range(8)
SPREAD = 0.012
"""Seconds within which an answer begins."""

MEMORY = Path("/dev/shm")
TURNS = 9
"""Times ROUNDS is less than DUE."""

SIZES = (1_000, 10_000, 100_000)
REVIEWS_PER_CARD = 10
FINGERPRINT = "0123456789abcdef"
"""Rows are as long as those that a review leaves: one that grew would be moved from page to page."""

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAYS = Days(UTC)
TODAY = DAYS.of(NOW)

Times = dict[str, list[float]]
"""Row -> milliseconds, one median of each turn."""


@dataclass
class Shelf:
    """A library in memory; its decks are files only so that they have a date."""

    decks: list[Deck]
    by_name: dict[str, Card]

    def card(self, name: str) -> Card:
        return self.by_name[name]

    def cards(self) -> Iterator[Card]:
        return iter(self.by_name.values())


class Passes:
    def grade(self, card: Card, answer: str) -> Verdict:
        return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0)


def shelf(folder: Path, cards: int) -> Shelf:
    decks: list[Deck] = []
    for number in range(DECKS):
        slug, path = f"deck-{number:02}", folder / f"deck-{number:02}.yaml"
        path.write_text("format: 1\n")
        mine = range(-(-number * cards // DECKS), -(-(number + 1) * cards // DECKS))
        own = (Card(slug, f"card-{each:06}", "?", (Check("answer"),), solution="answer = 1") for each in mine)
        decks.append(Deck(slug, slug, tuple(own), path))
    return Shelf(decks, {card.name: card for deck in decks for card in deck})


def fill(store: Store, cards: int) -> None:
    """Nine cards in ten are learned, with ten reviews each over five years; 300 of them are due."""
    chance, log = random.Random(1), statements("exchange")["add entry"]
    learned, reviews = range(1, cards * 9 // 10 + 1), []
    memories: list[tuple[object, ...]] = []
    each = cards * REVIEWS_PER_CARD // len(learned)
    for card in learned:
        day, last = TODAY - chance.randint(200, 1800), 0
        for number in range(each):
            elapsed = day - last if number else None
            reviews.append(_entry(card, day, number, elapsed, chance))
            last, day = day, min(TODAY - 1, day + chance.randint(1, 60))
        due = DAYS.start(TODAY if card % (len(learned) // DUE) == 0 else TODAY + chance.randint(1, 300))
        lapses = chance.randint(0, 2)
        memory = Memory("", MemoryState.REVIEW, None, 30.0, 5.0, due, DAYS.start(last), last, each, lapses, FINGERPRINT)
        memories.append((*memory_values(memory), card))
    reviews.sort(key=lambda entry: entry[2])
    with store.database.transaction():
        store.database.run_many(log, reviews)
        store.database.run_many(statements("cards")["remember"], memories)
    store.figures.sum_up()


def _entry(card: int, day: int, number: int, elapsed: int | None, chance: random.Random) -> tuple[int, ...]:
    rating = chance.choice((1, 3, 3, 3, 3, 3, 3, 3, 2, 4))
    at = micro(DAYS.start(day)) + chance.randint(0, 40_000_000_000)
    family = chance.choice((None, None, "dtype", "shape", "transposed")) if rating < 3 else None
    evidence = ("first try, no hints", "passed", "passed", 1.0, 1, 0, 0, chance.random() * 120, family)
    predicted = 0.8 + chance.random() * 0.19 if number else None
    schedule = (2 if number else 0, elapsed, elapsed or 0, predicted)
    after = (2, None, 30.0, 5.0, at, FINGERPRINT)
    return (int(EntryKind.REVIEW), card, at, day, None, rating, 3, *evidence, *schedule, *after)  # type: ignore[return-value]


def measure(path: Path, library: Shelf) -> dict[str, float]:
    """Medians in milliseconds."""
    settings = Settings(reviews_per_day=9999, new_cards="last")
    took = {
        "open and next card": [_opened(path, lambda store: _session(library, store, settings).next()) for _ in OPENS],
        "open and due counts": [_opened(path, lambda store: store.counts.by_deck(DAYS.day(NOW))) for _ in OPENS],
        "next card": [],
        "answer": [],
        "due counts by deck": [],
    }
    with Store(path) as store:
        session = _session(library, store, settings)
        session.next()  # the first reads the day's cards; `open and next card` tells what that costs
        for _ in range(ROUNDS):
            # As the screen does before a rating can be given.
            _ = session.changed
            session.submit("answer = 1")
            session.proposal()
            session.intervals()
            time.sleep(random.random() * SPREAD)
            took["answer"].append(milliseconds(lambda: session.rate(Rating.GOOD)))
            # As Home does after a session: a card has changed.
            took["due counts by deck"].append(milliseconds(lambda: store.counts.by_deck(DAYS.day(NOW))))
            took["next card"].append(milliseconds(session.next))
    return {row: average.median(times) for row, times in took.items()}


def _session(library: Shelf, store: Store, settings: Settings) -> Session:
    return Session(library, Passes(), store, settings, lambda: NOW, zone=UTC)


def _opened(path: Path, asked: Callable[[Store], object]) -> float:
    """Closing is not counted, on either side."""
    begun = time.perf_counter()
    store = Store(path)
    assert asked(store)
    took = (time.perf_counter() - begun) * 1000
    store.close()
    return took


def anki(python: str, *arguments: object) -> str:
    """One run of the other side."""
    script = Path(__file__).with_name("store_anki.py")
    return subprocess.run(
        [python, str(script), *map(str, arguments)], capture_output=True, text=True, check=True
    ).stdout


def turns(folder: Path, cards: int, python: str | None) -> tuple[Times, Times]:
    """Both sides at one size, one after the other, several times."""
    library = shelf(folder, cards)
    path, other = folder / "reviews.db", folder / "collection.anki2"
    with Store(path) as store:
        sync_decks(library, store)
        fill(store, cards)
    if python:
        anki(python, "build", other, cards, cards * REVIEWS_PER_CARD)
    memory: tuple[Times, Times] = {}, {}
    if MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=MEMORY) as name:
            copies = [Path(shutil.copy(file, name)) if file.exists() else file for file in (path, other)]
            memory = _measured(copies[0], copies[1], library, python)
    disk = _measured(path, other, library, python)
    for side, quick in zip(disk, memory, strict=True):
        side |= {"answer, in memory": quick["answer"]} if quick else {}
    return disk


def _measured(path: Path, other: Path, library: Shelf, python: str | None) -> tuple[Times, Times]:
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(measure(path, library))
        if python:
            theirs.append(json.loads(anki(python, "measure", other, ROUNDS, len(OPENS))))
    return _by_row(ours), _by_row(theirs)


def _by_row(runs: list[dict[str, float]]) -> Times:
    return {row: [run[row] for run in runs] for row in (runs[0] if runs else ())}


def environment(folder: Path) -> str:
    """The Python of a new environment that has `anki`."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "anki"], check=True)
    return python


def statistics_seconds(folder: Path, library: Shelf) -> tuple[float, float]:
    """All tables of the statistics screen over all reviews, pandas loaded before: wall and processor, best of three."""
    tagged = [replace(card, tags=(f"tag-{number % 20}",)) for number, card in enumerate(library.cards())]
    with Store(folder / "reviews.db") as store:
        statistics(store, [], DAYS, NOW)
        walls, processor = [], []
        for _ in range(3):
            begun = time.process_time()
            walls.append(milliseconds(lambda: statistics(store, tagged, DAYS, NOW)) / 1000)
            processor.append(time.process_time() - begun)
        return min(walls), min(processor)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--anki", metavar="PYTHON", help="the Python of an environment that has `anki`")
    arguments.add_argument("--no-anki", action="store_true", help="measure ptquiz alone")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        compare(None if chosen.no_anki else chosen.anki or environment(Path(name)))


def compare(python: str | None) -> None:
    """A table for each size."""
    for cards in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ours, theirs = turns(folder, cards, python)
            print(f"\n{cards:,} cards, {cards * REVIEWS_PER_CARD:,} reviews (ms)")
            print(f"{'':<22}{'ptquiz':>10}{'Anki':>10}{'ratio':>8}")
            for row, took in ours.items():
                beside = f"{average.median(theirs[row]):>10.3f}{_ratio(took, theirs[row]):>8.2f}" if theirs else ""
                print(f"{row:<22}{average.median(took):>10.3f}{beside}")
            if cards == SIZES[-1]:
                wall, processor = statistics_seconds(folder, shelf(folder, cards))
                print(f"statistics over all reviews: {wall:.2f} s, of it {processor:.2f} s of processor")
        sys.stdout.flush()


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of each turn's own: a machine that slows down for a while slows both sides of a turn."""
    return average.median(one / other for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main()
