"""Latency of the screens: a key in the editor beside a plain TextArea, and Home with many cards beside few.

    python benchmarks/screens.py [--keys 200] [--homes 15]

A key is timed from its posting until its effect is drawn; Home from its start to the first paint and to its counts, and
from there to a card with a focused answer. The two sides of each ratio alternate in one process.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0)


class Paints:
    """Counts the frames of an app by wrapping the method that writes them to the terminal."""

    def __init__(self, app: App[None]) -> None:
        self.count = 0
        self._display = app._display
        app._display = self._drawn  # type: ignore[assignment, method-assign]

    def _drawn(self, *drawing: Any) -> None:
        self._display(*drawing)
        self.count += 1

    async def next(self) -> None:
        """Wait until something is drawn."""
        before = self.count
        await until(lambda: self.count > before)


async def to_paint(app: App[None], paints: Paints, key: events.Key, effect: Callable[[], object]) -> float:
    """Return the milliseconds until the effect of a key is drawn."""
    before = effect()
    start = time.perf_counter()
    app.post_message(key)
    await until(lambda: effect() != before)
    await paints.next()
    return (time.perf_counter() - start) * 1000


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--homes", type=int, default=15)
    options = parser.parse_args()
    edited = asyncio.run(editing(options.keys))
    visited = asyncio.run(homes(options.homes))
    print(table(edited | visited))
    print(f"\nkey in a 200-line answer, our editor / plain TextArea  {ratio(*reversed(edited.values())):.2f}")
    for what in PARTS:
        large, small = visited[f"{what}, 100,000 cards"], visited[f"{what}, 100 cards"]
        print(f"Home, {what}, 100,000 cards / 100  {ratio(large, small):.2f}")


if __name__ == "__main__":
    main()
