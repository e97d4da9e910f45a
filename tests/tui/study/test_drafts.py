"""Drafts: what is typed is saved, to its own card, whenever and however the card is left."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from quizapp.decks.card import CardTexts
from quizapp.errors import StoreError
from quizapp.tui.messages import ActionDone, CardLoaded
from quizapp.tui.screens.home_screen import HomeScreen
from quizapp.tui.study.study_controller import StudyController
from tests.tui.harness import Harness, MakeHarness, card, deck, open_app, text, until


def draft(harness: Harness, name: str) -> str:
    return harness.store.drafts.draft(name) or ""


@pytest.mark.slow
async def test_typing_is_saved_without_submitting(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with open_app(harness, start_with=()) as (_, pilot):
        await pilot.press(*"half")
        await until(pilot, lambda: "half" in draft(harness, "joining/cat-rows"))


@pytest.mark.slow
async def test_typing_is_saved_to_a_translated_card(make_harness: MakeHarness) -> None:
    translations = {"zh": {"one": CardTexts(title="第一张", question="求和。")}}
    harness = make_harness(replace(deck(card("a/one")), translations=translations), language="zh")
    async with open_app(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: "第一张" in text(app))
        await pilot.press(*"half")
        await until(pilot, lambda: "half" in draft(harness, "a/one"))


@pytest.mark.slow
async def test_a_draft_is_restored_with_its_card(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    session = harness.session()
    session.next()
    session.save_draft("answer = half done")
    async with open_app(harness, start_with=()) as (app, _):
        assert "answer = half done" in text(app)


@pytest.mark.slow
async def test_the_last_key_before_a_card_is_left_is_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert "half" in draft(harness, "a/one")


@pytest.mark.slow
async def test_a_card_is_left_only_after_its_draft_is_saved(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    card_left, save, act = Event(), StudyController.save, StudyController.act

    def save_slowly(controller: StudyController) -> None:
        card_left.wait(0.2)
        save(controller)

    def act_and_report(controller: StudyController, action: str) -> ActionDone:
        done = act(controller, action)
        card_left.set()
        return done

    monkeypatch.setattr(StudyController, "save", save_slowly)
    monkeypatch.setattr(StudyController, "act", act_and_report)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert "half" in draft(harness, "a/one")


@pytest.mark.slow
async def test_the_last_keys_are_saved_after_the_screen_is_closed(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"))
    screen_closed, saved, save = Event(), Event(), StudyController.save

    def save_slowly(controller: StudyController) -> None:
        screen_closed.wait(10)
        save(controller)
        saved.set()

    monkeypatch.setattr(StudyController, "save", save_slowly)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        screen_closed.set()
        await until(pilot, saved.is_set)
        assert "half" in draft(harness, "a/one")


@pytest.mark.slow
async def test_keys_typed_too_late_are_not_saved_to_the_next_card(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    found, proceed, load_next = Event(), Event(), StudyController.next

    def load_slowly(controller: StudyController) -> CardLoaded:
        loaded = load_next(controller)
        if loaded.card is not None and loaded.card.id == "two":
            found.set()
            proceed.wait(10)
        return loaded

    monkeypatch.setattr(StudyController, "next", load_slowly)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, found.is_set)
        await pilot.press(*"old", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        proceed.set()
        await app.workers.wait_for_complete()
        assert harness.store.drafts.draft("a/two") is None
        assert "half" in draft(harness, "a/one")


@pytest.mark.slow
async def test_a_card_can_be_left_when_its_draft_cannot_be_saved(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise StoreError("the disk is full", "free some space")

    harness = make_harness(card("a/one"), card("a/two"))
    monkeypatch.setattr(harness.store.drafts, "save_draft", fail)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app) and "the disk is full" in text(app))


@pytest.mark.slow
async def test_keys_typed_while_a_card_is_being_flagged_are_saved(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"))
    proceed, act = Event(), StudyController.act

    def act_slowly(controller: StudyController, action: str) -> ActionDone:
        proceed.wait(10)
        return act(controller, action)

    monkeypatch.setattr(StudyController, "act", act_slowly)
    async with open_app(harness, start_with=()) as (_, pilot):
        await pilot.press(*"ab", "f22", *"cd")
        proceed.set()
        await until(pilot, lambda: "abcd" in draft(harness, "a/one"))


def test_a_late_save_does_not_overwrite_a_newer_draft(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    controller = StudyController(harness.services(), harness.settings)
    loaded = controller.next().card
    assert loaded is not None
    controller.unsaved = ("a", loaded)
    late_save = controller.save
    controller.unsaved = ("ab", loaded)
    controller.save()
    late_save()
    assert draft(harness, "a/one") == "ab"
    assert controller.unsaved is None
