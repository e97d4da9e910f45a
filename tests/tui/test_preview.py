"""What a deck's author sees: the study screen, with nothing rated and nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from quizapp.decks.card import Card
from quizapp.decks.library import Library
from quizapp.errors import Problem
from quizapp.tui.app import PtquizApp
from tests.tui.harness import Harness, card, deck, opened, text, until

MakeHarness = Callable[..., Harness]


class Shelf:
    """Deck files that somebody edits."""

    def __init__(self, *cards: Card) -> None:
        self.library = Library((deck(*cards),))

    def read_again(self) -> Library:
        return self.library


@asynccontextmanager
async def previewing(harness: Harness, shelf: Shelf, name: str) -> AsyncIterator[tuple[PtquizApp, Pilot[None]]]:
    async with opened(harness) as (app, pilot):
        app.preview(name, shelf.read_again)
        await until(pilot, lambda: "preview: nothing is rated" in text(app))
        yield app, pilot


async def test_an_answer_is_judged_again_and_again_and_never_rated(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with previewing(harness, Shelf(card("a/one")), "a/one") as (app, pilot):
        await pilot.press("x", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        assert "Again" not in text(app)
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "+ reference" in text(app))
        await pilot.press("x", "f5")
        await until(pilot, lambda: len(harness.grader.graded) == 3)
        assert harness.store.log.reviews() == []


async def test_f8_shows_the_card_as_its_file_stands_now_and_keeps_the_answer(make_harness: MakeHarness) -> None:
    shelf = Shelf(card("a/one"))
    async with previewing(make_harness(card("a/one")), shelf, "a/one") as (app, pilot):
        await pilot.press(*"mine")
        shelf.library = Library((deck(card("a/one", title="Another title")),))
        await pilot.press("f8")
        await until(pilot, lambda: "Another title" in text(app) and "answer = mine" in text(app))


async def test_a_deck_that_broke_meanwhile_is_said_and_read_once_it_is_mended(make_harness: MakeHarness) -> None:
    shelf = Shelf(card("a/one"))
    whole = shelf.library
    async with previewing(make_harness(card("a/one")), shelf, "a/one") as (app, pilot):
        shelf.library = Library((), (Problem("a.yaml", 3, 1, "`promt` is not a field of a card"),))
        await pilot.press("f8")
        await until(pilot, lambda: "a.yaml:3:1" in text(app) and "F8 tries again" in text(app))
        await pilot.press("f5", "f7", "f7", "f2")
        shelf.library = whole
        await pilot.press("f8")
        await until(pilot, lambda: "preview: nothing is rated" in text(app))


async def test_leaving_the_preview_leaves_the_program(make_harness: MakeHarness) -> None:
    async with previewing(make_harness(card("a/one")), Shelf(card("a/one")), "a/one") as (app, pilot):
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app._exit)
        assert app.kept_in is None
