"""The review store beside Anki's library: open, next card, answer, due counts and statistics at three sizes.

    python benchmarks/store.py

Anki is installed into a new environment (`--anki PYTHON` names an existing one, `--no-anki` skips it). Both sides have
the same number of cards and reviews, and they alternate. Times are medians; a ratio is the median of the ratios of all
turns. Due counts are read after every answer, as at the end of a session, so that both sides have a change to count.

An answer is timed until it is durable, which is mostly disk time, and therefore once more on a RAM disk. Disks flush
periodically; each answer starts after a random delay, so that neither side runs in phase with the flushes.
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
from quizapp.grading.judge_protocol import Side
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.analysis.statistics import statistics
from quizapp.review.days import Days
from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.session import Session
from quizapp.review.store import Store
from quizapp.review.store.row_mapping import EntryKind, memory_to_row, to_micros
from quizapp.review.store.sql_statements import statements
from quizapp.settings import Settings

DECKS = 50
DUE = 300
ROUNDS = 30
OPENS = range(8)
SPREAD = 0.012
"""Longest random delay before an answer, in seconds."""

RAM_DISK = Path("/dev/shm")
TURNS = 9
"""TURNS * ROUNDS answers must be fewer than DUE."""

SIZES = (1_000, 10_000, 100_000)
REVIEWS_PER_CARD = 10
FINGERPRINT = "0123456789abcdef"
"""As long as a real one: a row that grew at its next review would move to another page."""

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAYS = Days(UTC)
TODAY = DAYS.of(NOW)

Times = dict[str, list[float]]
"""Row -> the median of each turn, in milliseconds."""


@dataclass
class MemoryLibrary:
    """Cards in memory; the deck files exist only because syncing reads their dates."""

    decks: list[Deck]
    by_name: dict[str, Card]

    def card(self, name: str) -> Card:
        return self.by_name[name]

    def cards(self) -> Iterator[Card]:
        return iter(self.by_name.values())


class PassingGrader:
    """Passes every answer."""

    def grade(self, card: Card, answer: str) -> Verdict:
        return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0)

    def reveal(self, card: Card) -> Side | None:
        return None


def make_library(folder: Path, cards: int) -> MemoryLibrary:
    decks: list[Deck] = []
    for number in range(DECKS):
        slug, path = f"deck-{number:02}", folder / f"deck-{number:02}.yaml"
        path.write_text("format: 1\n")
        numbers = range(-(-number * cards // DECKS), -(-(number + 1) * cards // DECKS))
        own = (Card(slug, f"card-{n:06}", "?", (Check("answer"),), solution="answer = 1") for n in numbers)
        decks.append(Deck(slug, slug, tuple(own), path))
    return MemoryLibrary(decks, {card.name: card for deck in decks for card in deck})


def fill(store: Store, cards: int) -> None:
    """Learn nine cards in ten, with ten reviews each over five years; 300 of them are due."""
    rng, log = random.Random(1), statements("exchange")["add entry"]
    learned, reviews = range(1, cards * 9 // 10 + 1), []
    memories: list[tuple[object, ...]] = []
    each = cards * REVIEWS_PER_CARD // len(learned)
    for card in learned:
        day, last = TODAY - rng.randint(200, 1800), 0
        for number in range(each):
            elapsed = day - last if number else None
            reviews.append(_entry(card, day, number, elapsed, rng))
            last, day = day, min(TODAY - 1, day + rng.randint(1, 60))
        due = DAYS.start(TODAY if card % (len(learned) // DUE) == 0 else TODAY + rng.randint(1, 300))
        lapses = rng.randint(0, 2)
        memory = Memory("", MemoryState.REVIEW, None, 30.0, 5.0, due, DAYS.start(last), last, each, lapses, FINGERPRINT)
        memories.append((*memory_to_row(memory), card))
    reviews.sort(key=lambda entry: entry[2])
    with store.database.transaction():
        store.database.run_many(log, reviews)
        store.database.run_many(statements("cards")["set memory"], memories)
    store.statistics.update_sums()


def _entry(card: int, day: int, number: int, elapsed: int | None, rng: random.Random) -> tuple[int, ...]:
    rating = rng.choice((1, 3, 3, 3, 3, 3, 3, 3, 2, 4))
    at = to_micros(DAYS.start(day)) + rng.randint(0, 40_000_000_000)
    family = rng.choice((None, None, "dtype", "shape", "transposed")) if rating < 3 else None
    evidence = ("first try, no hints", "passed", "passed", 1.0, 1, 0, 0, rng.random() * 120, family)
    predicted = 0.8 + rng.random() * 0.19 if number else None
    schedule = (2 if number else 0, elapsed, elapsed or 0, predicted)
    after = (2, None, 30.0, 5.0, at, FINGERPRINT)
    return (int(EntryKind.REVIEW), card, at, day, None, rating, 3, *evidence, *schedule, *after)  # type: ignore[return-value]


def measure(path: Path, library: MemoryLibrary) -> dict[str, float]:
    """Return the median of each row in milliseconds."""
    settings = Settings(reviews_per_day=9999, new_cards="last")
    times = {
        "open and next card": [_opened(path, lambda store: _session(library, store, settings).next()) for _ in OPENS],
        "open and due counts": [_opened(path, lambda store: store.counts.by_deck(DAYS.day(NOW))) for _ in OPENS],
        "next card": [],
        "answer": [],
        "due counts by deck": [],
    }
    with Store(path) as store:
        session = _session(library, store, settings)
        session.next()  # the first call reads the day's cards; `open and next card` includes that
        for _ in range(ROUNDS):
            # As the screen does before it shows the ratings.
            _ = session.has_changed
            session.submit("answer = 1")
            session.proposal()
            session.intervals()
            time.sleep(random.random() * SPREAD)
            times["answer"].append(milliseconds(lambda: session.rate(Rating.GOOD)))
            # As Home does after a session.
            times["due counts by deck"].append(milliseconds(lambda: store.counts.by_deck(DAYS.day(NOW))))
            times["next card"].append(milliseconds(session.next))
    return {row: average.median(samples) for row, samples in times.items()}


def _session(library: MemoryLibrary, store: Store, settings: Settings) -> Session:
    return Session(library, PassingGrader(), store, settings, lambda: NOW, zone=UTC)


def _opened(path: Path, query: Callable[[Store], object]) -> float:
    """Return the milliseconds of opening and one query, without closing."""
    start = time.perf_counter()
    store = Store(path)
    assert query(store)
    elapsed = (time.perf_counter() - start) * 1000
    store.close()
    return elapsed


def anki(python: str, *arguments: object) -> str:
    """Run store_anki.py and return what it prints."""
    script = Path(__file__).with_name("store_anki.py")
    return subprocess.run(
        [python, str(script), *map(str, arguments)], capture_output=True, text=True, check=True
    ).stdout


def turns(folder: Path, cards: int, python: str | None) -> tuple[Times, Times]:
    """Measure both sides at one size, alternating, on the disk and in memory."""
    library = make_library(folder, cards)
    path, other = folder / "reviews.db", folder / "collection.anki2"
    with Store(path) as store:
        sync_decks(library, store)
        fill(store, cards)
    if python:
        anki(python, "build", other, cards, cards * REVIEWS_PER_CARD)
    memory: tuple[Times, Times] = {}, {}
    if RAM_DISK.is_dir():
        with tempfile.TemporaryDirectory(dir=RAM_DISK) as name:
            copies = [Path(shutil.copy(file, name)) if file.exists() else file for file in (path, other)]
            memory = _measured(copies[0], copies[1], library, python)
    disk = _measured(path, other, library, python)
    for side, in_memory in zip(disk, memory, strict=True):
        side |= {"answer, in memory": in_memory["answer"]} if in_memory else {}
    return disk


def _measured(path: Path, other: Path, library: MemoryLibrary, python: str | None) -> tuple[Times, Times]:
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(measure(path, library))
        if python:
            theirs.append(json.loads(anki(python, "measure", other, ROUNDS, len(OPENS))))
    return _by_row(ours), _by_row(theirs)


def _by_row(runs: list[dict[str, float]]) -> Times:
    return {row: [run[row] for run in runs] for row in (runs[0] if runs else ())}


def environment(folder: Path) -> str:
    """Create an environment with `anki` and return its Python."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "anki"], check=True)
    return python


def statistics_seconds(folder: Path, library: MemoryLibrary) -> tuple[float, float]:
    """Return wall and processor time of all statistics, the best of three after pandas is loaded."""
    tagged = [replace(card, tags=(f"tag-{number % 20}",)) for number, card in enumerate(library.cards())]
    with Store(folder / "reviews.db") as store:
        statistics(store, [], DAYS, NOW)
        walls, processor = [], []
        for _ in range(3):
            start = time.process_time()
            walls.append(milliseconds(lambda: statistics(store, tagged, DAYS, NOW)) / 1000)
            processor.append(time.process_time() - start)
        return min(walls), min(processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--anki", metavar="PYTHON", help="the Python of an environment that has `anki`")
    parser.add_argument("--no-anki", action="store_true", help="measure ptquiz alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        compare(None if options.no_anki else options.anki or environment(Path(name)))


def compare(python: str | None) -> None:
    """Print a table for each size."""
    for cards in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ours, theirs = turns(folder, cards, python)
            print(f"\n{cards:,} cards, {cards * REVIEWS_PER_CARD:,} reviews (ms)")
            print(f"{'':<22}{'ptquiz':>10}{'Anki':>10}{'ratio':>8}")
            for row, times in ours.items():
                columns = f"{average.median(theirs[row]):>10.3f}{_ratio(times, theirs[row]):>8.2f}" if theirs else ""
                print(f"{row:<22}{average.median(times):>10.3f}{columns}")
            if cards == SIZES[-1]:
                wall, processor = statistics_seconds(folder, make_library(folder, cards))
                print(f"statistics over all reviews: {wall:.2f} s, {processor:.2f} s of processor time")
        sys.stdout.flush()


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the turns' ratios: a slow phase of the machine affects both sides of a turn."""
    return average.median(mine / anki_time for mine, anki_time in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main()
