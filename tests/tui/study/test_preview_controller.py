"""`ptquiz preview`: the study screen for a deck's author. Nothing is rated or saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from quizapp.decks.broken_decks import BrokenDeck
from quizapp.decks.card import Card
from quizapp.decks.library import Library
from quizapp.errors import Problem
from quizapp.tui.app import PtquizApp
from tests.tui.harness import Harness, MakeHarness, card, deck, open_app, text, until


class EditableLibrary:
    """A library that a test can replace, as an author edits deck files."""

    def __init__(self, *cards: Card) -> None:
        self.library = Library((deck(*cards),))

    def reload(self) -> Library:
        return self.library


@asynccontextmanager
async def open_preview(
    harness: Harness, source: EditableLibrary, name: str
) -> AsyncIterator[tuple[PtquizApp, Pilot[None]]]:
    async with open_app(harness) as (app, pilot):
        app.preview(name, source.reload)
        await until(pilot, lambda: "preview: nothing is rated" in text(app))
        yield app, pilot


@pytest.mark.slow
async def test_a_preview_can_be_answered_again_and_is_never_rated(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_preview(harness, EditableLibrary(card("a/one")), "a/one") as (app, pilot):
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


@pytest.mark.slow
async def test_f8_reloads_the_card_and_keeps_the_answer(make_harness: MakeHarness) -> None:
    source = EditableLibrary(card("a/one"))
    async with open_preview(make_harness(card("a/one")), source, "a/one") as (app, pilot):
        await pilot.press(*"draft")
        source.library = Library((deck(card("a/one", title="Another title")),))
        await pilot.press("f8")
        await until(pilot, lambda: "Another title" in text(app) and "answer = draft" in text(app))


@pytest.mark.slow
async def test_a_broken_deck_is_reported_and_loads_again_once_it_is_fixed(make_harness: MakeHarness) -> None:
    source = EditableLibrary(card("a/one"))
    valid = source.library
    async with open_preview(make_harness(card("a/one")), source, "a/one") as (app, pilot):
        source.library = Library((), (Problem("a.yaml", 3, 1, "`promt` is not a field of a card"),))
        await pilot.press("f8")
        await until(pilot, lambda: "a.yaml:3:1" in text(app) and "F8 tries again" in text(app))
        await pilot.press("f5", "f7", "f7", "f2")
        source.library = valid
        await pilot.press("f8")
        await until(pilot, lambda: "preview: nothing is rated" in text(app))


@pytest.mark.slow
async def test_of_several_broken_decks_that_of_the_card_is_reported(make_harness: MakeHarness) -> None:
    source = EditableLibrary(card("a/one"))
    async with open_preview(make_harness(card("a/one")), source, "a/one") as (app, pilot):
        other, own = Problem("0.yaml", 1, 1, "the deck has no cards"), Problem("a.yaml", 3, 1, "no such field")
        broken = BrokenDeck(Path("a.yaml"), "a", frozenset({"one"}), (own,))
        source.library = Library((), (other, own), (broken,))
        await pilot.press("f8")
        await until(pilot, lambda: "a.yaml:3:1" in text(app) and "F8 tries again" in text(app))
        assert "0.yaml" not in text(app)


async def test_leaving_the_preview_ends_the_program(make_harness: MakeHarness) -> None:
    async with open_preview(make_harness(card("a/one")), EditableLibrary(card("a/one")), "a/one") as (app, pilot):
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app._exit)
        assert app.drafts_path is None
