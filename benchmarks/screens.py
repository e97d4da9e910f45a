"""Latency of the screens: each beside bare Textual widgets that paint the same, and Home with many cards beside few.

    python benchmarks/screens.py [--keys 200] [--homes 15] [--paints 20] [--starts 10] [ROWS …]

A key is timed from its posting until its effect is drawn; Home from its start to the first paint and to its counts, and
from there to a card with a focused answer. `--paints` is the number of samples of each other screen, half of them in
each of two turns, in which the two sides of a ratio alternate; `--starts` that of each command line. ROWS are names
of the groups to measure (default: all); `editing` and `homes` are the first two.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from statistics import median
from typing import Any

from command_rows import commands
from paints import Paints, to_paint, until
from screen_rows import Rows, browsing, rating, resizing, statistics_page, submitting
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import TextArea
from timing import ratio, table

from quizapp.decks.card import Card, Check, Deck
from quizapp.decks.library import Library
from quizapp.grading.grader import JUDGE, Grader
from quizapp.review.store import Store
from quizapp.sandbox.client import Sandbox
from quizapp.services import Services, utc_now
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.widgets.editor import CodeEditor
from quizapp.tui.widgets.virtual_list import VirtualList

ANSWER = "\n".join(
    f"def step_{n}(x, y={n}):  # line {n}" if n % 4 == 0 else f"    x = x.add(y) * {n}" for n in range(200)
)
DECKS, TURN, WARM_UP = 20, 20, 10
PARTS = ("paint", "counts", "key", "card")


class Plain(App[None]):
    """Only Textual's text area, with Python highlighting."""

    def compose(self) -> ComposeResult:
        yield TextArea(ANSWER, language="python", show_line_numbers=True)


class Editor(App[None]):
    """Only the editor of ptquiz."""

    def compose(self) -> ComposeResult:
        yield CodeEditor(ANSWER)


async def editing(count: int) -> dict[str, list[float]]:
    """Time a letter and the backspace that deletes it, in the middle of the answer, alternating between the apps."""
    kinds: dict[str, type[App[None]]] = {"key, plain TextArea": Plain, "key, our editor": Editor}
    rows: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(count // TURN):
        for name, kind in kinds.items():
            rows[name] += await turn(kind())
    return rows


async def turn(app: App[None]) -> list[float]:
    paints = Paints(app)
    async with app.run_test(size=(100, 40)) as pilot:
        area = app.query_one(TextArea)
        area.focus()
        area.move_cursor((100, 8), center=True)
        await pilot.pause()
        keys = (
            events.Key("backspace", None) if stroke % 2 else events.Key("q", "q") for stroke in range(TURN + WARM_UP)
        )
        return [await to_paint(app, paints, key, lambda: area.text) for key in keys][WARM_UP:]


def app_factory(folder: Path, cards: int) -> Callable[[], PtquizApp]:
    """Return a function that makes apps with the same store, and decks with `cards` cards in total."""
    decks = []
    for d in range(DECKS):
        path = folder / f"deck-{d}.yaml"
        path.touch()
        own = (Card(f"deck-{d}", f"c{n}", "?", checks=(Check("x"),), solution="x = 1") for n in range(cards // DECKS))
        decks.append(Deck(f"deck-{d}", f"Deck {d}", tuple(own), path))
    library = Library(tuple(decks))

    def make() -> PtquizApp:
        sandbox = Sandbox(judge=JUDGE)
        store = Store(folder / "reviews.db")
        # Warming up imports torch, which would slow what is measured here.
        sandbox.close()
        services = Services(library, store, sandbox, Grader(sandbox), utc_now)
        return PtquizApp(lambda: services, Settings(), Locations(folder / "settings.toml", folder), utc_now)

    return make


async def visit(make: Callable[[], PtquizApp]) -> tuple[float, float, list[float], float]:
    """Return the milliseconds to the first paint, to the counts, of each cursor key, and to an open card."""
    app = make()
    paints = Paints(app)
    start = time.perf_counter()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: paints.count)
        first = (time.perf_counter() - start) * 1000
        rows = app.screen.query_one(VirtualList)
        await until(lambda: rows.items)
        await paints.next()
        counted = (time.perf_counter() - start) * 1000
        await pilot.pause()
        walk = (events.Key("down" if stroke % 2 == 0 else "up", None) for stroke in range(TURN))
        moves = [await to_paint(app, paints, key, lambda: rows.cursor) for key in walk]
        start = time.perf_counter()
        app.study()
        await until(lambda: any(editor.has_focus for editor in app.screen.query(CodeEditor)))
        opened = (time.perf_counter() - start) * 1000
    return first, counted, moves, opened


async def homes(count: int) -> dict[str, list[float]]:
    sizes = {"100 cards": 100, "100,000 cards": 100_000}
    rows: dict[str, list[float]] = {f"{what}, {size}": [] for what in PARTS for size in sizes}
    with tempfile.TemporaryDirectory() as folder:
        factories = {}
        for size, cards in sizes.items():
            Path(folder, size).mkdir()
            factories[size] = app_factory(Path(folder, size), cards)
            await visit(factories[size])
        for _ in range(count):
            for size, make in factories.items():
                first, counted, moves, opened = await visit(make)
                rows[f"paint, {size}"].append(first)
                rows[f"counts, {size}"].append(counted)
                rows[f"key, {size}"] += moves
                rows[f"card, {size}"].append(opened)
    return rows


GROUPS: dict[str, Callable[[int], Coroutine[Any, Any, Rows]]] = {
    "rating": rating,
    "browsing": browsing,
    "statistics": statistics_page,
    "resizing": resizing,
    "submitting": submitting,
}

RATIOS = (
    ("key in a 200-line answer", "key, our editor", "key, plain TextArea", None),
    ("rating to next card", "next card", "next card, bare", 2.0),
    ("Browse, cursor", "cursor", "cursor, bare", 1.3),
    ("Browse, search", "search", "search, bare", 1.3),
    ("Statistics, first paint", "statistics", "statistics, bare", 2.0),
    ("Statistics, numbers", "numbers", "numbers, bare", None),
    ("resize", "resize", "resize, bare", 1.5),
    ("submit a wrong answer", "wrong, submit", "wrong, grader", 1.5),
    ("submit a right answer", "passed, submit", "passed, grader", 1.5),
    ("ptquiz try / import torch", "ptquiz try", "import torch", 1.2),
    *((f"Home, {what}, 100,000 cards / 100", f"{what}, 100,000 cards", f"{what}, 100 cards", None) for what in PARTS),
)
"""Name, samples, baseline, and the limit of the ratio."""


def measure(options: argparse.Namespace) -> Rows:
    """Return the samples of the chosen groups; the sides of a ratio alternate in two turns."""
    chosen = options.groups or ["editing", "homes", *GROUPS, "commands"]
    rows: Rows = {}
    if "editing" in chosen:
        rows |= asyncio.run(editing(options.keys))
    if "homes" in chosen:
        rows |= asyncio.run(homes(options.homes))
    if "commands" in chosen:
        rows |= commands(options.starts)
    for name, group in GROUPS.items():
        for _ in range(2 if name in chosen else 0):
            for row, samples in asyncio.run(group(options.paints // 2)).items():
                rows.setdefault(row, []).extend(samples)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--homes", type=int, default=15)
    parser.add_argument("--paints", type=int, default=20)
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("groups", nargs="*", metavar="ROWS", help=f"editing, homes, {', '.join(GROUPS)}, commands")
    rows = measure(parser.parse_args())
    print(table(rows) + "\n")
    for name, samples, baseline, limit in RATIOS:
        if samples in rows and baseline in rows:
            aim = f"  (at most {limit:g})" if limit else ""
            print(f"{name:<36} {ratio(rows[samples], rows[baseline]):6.2f}{aim}")
    if "ptquiz due" in rows:
        print(f"{'ptquiz due, seconds':<36} {median(rows['ptquiz due']) / 1000:6.2f}  (at most 0.2)")


if __name__ == "__main__":
    main()
