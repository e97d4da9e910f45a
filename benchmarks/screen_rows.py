"""The timings of whole screens, each beside the same paint with bare Textual widgets."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, cast

from bare_apps import BareCards, BareList, TextScreen
from paints import Paints, to_paint, until, until_shown
from study_apps import answer_cards, app_of, code_card, deck_of, fake_services, real_services
from textual import events
from textual.app import App
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static, TextArea

from quizapp.services import Services
from quizapp.tui.app import PtquizApp
from quizapp.tui.screens.statistics_screen import StatisticsScreen
from quizapp.tui.screens.statistics_text import TILES, Tile
from quizapp.tui.study.rating_bar import RatingBar
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.study.study_state import Phase
from quizapp.tui.widgets.virtual_list import VirtualList

Rows = dict[str, list[float]]

SIZES = ((120, 36), (110, 30))
CARDS = 300
WORD = "part 12"
REVIEWS = 60
PAGE = ".tile, #counted, YearCalendar, WidthBlock"
WRONG, RIGHT = "answer = torch.cat((x, y), dim=1)\n", "answer = torch.cat((x, y))\n"


@asynccontextmanager
async def opened(open_services: Callable[[Path], Services]) -> AsyncIterator[tuple[PtquizApp, Paints]]:
    """Run ptquiz until its services are open."""
    with tempfile.TemporaryDirectory() as folder:
        app = app_of(lambda: open_services(Path(folder)), Path(folder))
        paints = Paints(app)
        async with app.run_test(size=SIZES[0]) as pilot:
            await until(lambda: app.services)
            await pilot.pause()
            yield app, paints


def with_cards(folder: Path) -> Services:
    return fake_services(folder, (deck_of(folder, "deck", CARDS),))


def editor_of(app: App[None]) -> Widget | None:
    """Return the focused editor if it is laid out."""
    focused = app.focused
    return focused if isinstance(focused, TextArea) and focused.size.height else None


async def study(app: PtquizApp, screen: StudyScreen) -> None:
    await until(lambda: screen.state.phase is Phase.ANSWERING and editor_of(app))


async def rating(count: int) -> Rows:
    """Time a digit until the next card and its focused editor are drawn."""
    rows: Rows = {"next card, bare": [], "next card": []}
    bare = BareCards([code_card("deck", number) for number in range(count + 1)])
    paints = Paints(bare)
    async with bare.run_test(size=SIZES[0]) as pilot:
        for number in range(1, count + 1):
            bare.query_one(Button).focus()
            await pilot.pause()
            start = time.perf_counter()
            bare.post_message(events.Key("3", "3"))
            shown = await until_shown(paints, start, lambda: bare.index == number and editor_of(bare))  # noqa: B023
            rows["next card, bare"].append(shown)
    async with opened(with_cards) as (app, paints):
        app.study()
        await until(lambda: isinstance(app.screen, StudyScreen) and editor_of(app))
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        for _ in range(count):
            await study(app, screen)
            app.post_message(events.Key("f5", None))
            await until(lambda: screen.query_one(RatingBar).is_open)
            await paints.settle()
            start = time.perf_counter()
            app.post_message(events.Key("3", "3"))
            rows["next card"].append(
                await until_shown(paints, start, lambda: screen.state.phase is Phase.ANSWERING and editor_of(app))
            )
    return rows


async def resizing(count: int) -> Rows:
    """Time a change of the terminal's size until an open card is drawn in the new size."""
    rows: Rows = {"resize, bare": [], "resize": []}
    bare = BareCards([code_card("deck", 0)])
    bare_paints = Paints(bare)
    async with bare.run_test(size=SIZES[0]):
        rows["resize, bare"] = await resizes(bare, bare_paints, count)
    async with opened(with_cards) as (app, paints):
        app.study()
        await until(lambda: editor_of(app))
        rows["resize"] = await resizes(app, paints, count)
    return rows


async def resizes(app: App[None], paints: Paints, count: int) -> list[float]:
    samples = []
    for width, height in islice(cycle(reversed(SIZES)), count):
        size = Size(width, height)
        assert app._driver is not None
        app._driver._size = (width, height)
        start = time.perf_counter()
        app.post_message(events.Resize(size, size))
        samples.append(await until_shown(paints, start, lambda: app.screen.size == size))  # noqa: B023
        await paints.settle()
    return samples


async def browsing(count: int) -> Rows:
    """Time the cursor and each letter of a search in the list of all cards."""
    rows: Rows = {name: [] for name in ("cursor, bare", "cursor", "search, bare", "search")}
    async with opened(with_cards) as (app, paints):
        app.show_browse()
        await until(lambda: any(cards.items for cards in app.screen.query("BrowseScreen #cards").results(VirtualList)))
        await paints.settle()
        cards: VirtualList[Any] = app.screen.query_one(VirtualList)
        preview = app.screen.query_one("#card", Static)
        drawn = [str(cards._render_row(entry, cards.size.width)) for entry in cards.items]
        rows["cursor"] = await strokes(app, paints, count, lambda: cards.cursor)
        content = preview.content
        app.screen.query_one(Input).focus()
        rows["search"] = await typed(app, paints, count, lambda: cards.items)
    bare = BareList(drawn, [content] * len(drawn))
    paints = Paints(bare)
    async with bare.run_test(size=SIZES[0]):
        await paints.settle()
        rows["cursor, bare"] = await strokes(bare, paints, count, lambda: bare.query_one(OptionList).highlighted)
        bare.query_one(Input).focus()
        rows["search, bare"] = await typed(bare, paints, count, lambda: bare.found)
    return rows


async def strokes(app: App[None], paints: Paints, count: int, cursor: Callable[[], object]) -> list[float]:
    samples = []
    for number in range(count):
        key = events.Key("down" if number % 40 < 20 else "up", None)
        samples.append(await to_paint(app, paints, key, cursor))
        await paints.settle()
    return samples


async def typed(app: App[None], paints: Paints, count: int, found: Callable[[], object]) -> list[float]:
    samples = []
    for character in islice(cycle(WORD), count):
        if character == WORD[0]:
            app.screen.query_one(Input).value = ""
            await paints.settle()
        start = time.perf_counter()
        before = found()
        app.post_message(events.Key("space" if character == " " else character, character))
        samples.append(await until_shown(paints, start, lambda: found() is not before))  # noqa: B023
        await paints.settle()
    return samples


async def statistics_page(count: int) -> Rows:
    """Time the statistics page to its first paint, and to its numbers."""
    rows: Rows = {name: [] for name in ("statistics, bare", "statistics", "numbers, bare", "numbers")}
    async with opened(with_cards) as (app, paints):
        assert app.services is not None
        answer_cards(app.services, app.settings, REVIEWS)
        for _ in range(count):
            start = time.perf_counter()
            app.show_statistics()
            first = await until_shown(paints, start, lambda: isinstance(app.screen, StatisticsScreen))
            numbers = await until_shown(paints, start, lambda: any(chart.size for chart in app.screen.query("#charts")))
            rows["statistics"].append(first)
            rows["numbers"].append(numbers)
            await paints.settle()
            page = [cast("Content", widget.render()) for widget in app.screen.query(PAGE)]
            app.pop_screen()
            await paints.settle()
    waiting = [*(Tile(label).content for label in TILES), Content("counting …")]
    bare = App[None]()
    paints = Paints(bare)
    async with bare.run_test(size=SIZES[0]):
        for _ in range(count):
            for name, parts in (("statistics, bare", waiting), ("numbers, bare", page)):
                start = time.perf_counter()
                bare.push_screen(TextScreen(parts))
                rows[name].append(await until_shown(paints, start, lambda: isinstance(bare.screen, TextScreen)))
                await paints.settle()
                bare.pop_screen()
                await paints.settle()
    return rows


async def submitting(count: int) -> Rows:
    """Time F5 until the verdict of a real sandbox is drawn, and the grader itself."""
    rows: Rows = {f"{answer}, {what}": [] for answer in ("wrong", "passed") for what in ("grader", "submit")}
    grader: list[float] = []
    async with opened(lambda folder: real_services(folder, (deck_of(folder, "deck", CARDS),), grader)) as (app, paints):
        app.study()
        await until(lambda: isinstance(app.screen, StudyScreen) and editor_of(app))
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        for name, answer in (("wrong", WRONG), ("passed", RIGHT)):
            for number in range(count + 1):
                await until(lambda: screen.state.phase is Phase.ANSWERING and editor_of(app))
                cast("TextArea", editor_of(app)).text = answer
                await paints.settle()
                grader.clear()
                start = time.perf_counter()
                tries = screen.state.wrong_tries
                app.post_message(events.Key("f5", None))
                shown = await until_shown(
                    paints,
                    start,
                    lambda: screen.state.wrong_tries > tries or screen.query_one(RatingBar).is_open,  # noqa: B023
                )
                await paints.settle()
                app.post_message(events.Key("3", "3") if name == "passed" else events.Key("f9", None))
                if number:
                    rows[f"{name}, submit"].append(shown)
                    rows[f"{name}, grader"] += grader
    return rows
