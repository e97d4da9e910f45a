"""Changed keys: validation, conflicts, and their effect on the screens."""

from __future__ import annotations

import pytest

from quizapp.errors import SettingsError
from quizapp.settings import CHOICES, KeySet, Settings
from quizapp.tui.key_sets import chosen_keys
from quizapp.tui.keymap import ACTIONS, conflicts, keymap, keys_of
from quizapp.tui.widgets.editor import CodeEditor
from tests.tui.harness import MakeHarness, card, open_app, text, until


async def test_changed_key_works_and_is_shown_in_the_key_bar(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), keys={"study.submit": "f8", "study.next": "f5"})
    async with open_app(harness, start_with=()) as (app, pilot):
        assert "f8 Submit" in text(app)
        await pilot.press("f8")
        await until(pilot, lambda: "✗ not right yet" in text(app))


def test_no_two_actions_of_one_screen_share_a_key() -> None:
    assert list(conflicts({})) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"study.submit": "f2"}, "`f2` would trigger both study.submit and study.hint"),
        ({"study.submitt": "f2"}, "did you mean `study.submit`?"),
        ({"study.submit": "banana"}, "`banana` is not a key"),
    ],
)
def test_invalid_keymap_is_rejected(keys: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        keymap(keys)
    assert message in f"{error.value.message} {error.value.hint}"


@pytest.mark.slow
async def test_invalid_keymap_is_reported_and_the_default_keys_work(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), keys={"study.submit": "f2"})
    async with open_app(harness, (100, 30)) as (app, pilot):
        await until(pilot, lambda: "would trigger both" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "a · One" in text(app))
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


def test_ids_of_version_0_1_0_still_name_their_actions() -> None:
    changed = {"home.practise": "f9"}
    assert keymap(changed) == {"home.practice": "f9"}
    (action,) = [action for action in ACTIONS if action.id == "home.practice"]
    assert keys_of(action, changed) == ("f9",)


@pytest.mark.parametrize("key_set", CHOICES["key_set"])
def test_no_two_actions_share_a_key_in_any_key_set(key_set: KeySet) -> None:
    keys = chosen_keys(Settings(key_set=key_set))
    assert list(conflicts(keys)) == []
    keymap(keys)


def test_keys_of_the_learner_override_the_key_set() -> None:
    settings = Settings(key_set="vscode", keys={"editor.duplicate": "f7"})
    assert chosen_keys(settings)["editor.duplicate"] == "f7"
    assert chosen_keys(settings)["editor.select-line"].startswith("ctrl+l")


async def test_keys_of_vs_code_edit_lines(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="x = 1\n"), key_set="vscode")
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        editor = app.screen.query_one(CodeEditor)
        await pilot.press("ctrl+l")
        assert editor.selected_text == "x = 1"
        await pilot.press("home", "alt+shift+down")
        assert editor.text == "x = 1\nx = 1\n"
        await pilot.press("ctrl+slash", "ctrl+shift+k")
        assert editor.text == "x = 1\n"
        await pilot.press("alt+z")
        assert editor.soft_wrap
