"""The settings page: each setting with its value, which is edited in place and validated before it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from quizapp.errors import PtquizError
from quizapp.settings import CHOICES, Settings, changed, expand_user
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings, keymap
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.settings_file import format_value, parse_value, write_setting
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.virtual_list import VirtualList

DESCRIPTIONS = {
    "decks": "deck files and folders in addition to the shipped ones, separated by commas",
    "language": "language of the cards, if they are translated: zh",
    "theme": "colours of the screens; Enter selects the next theme",
    "two_buttons": "rate with Again and Good only",
    "desired_retention": "probability of recalling a card when it is due: 0.7 to 0.99",
    "deck_retention": 'the same for single decks: {"tensors" = 0.95}',
    "tag_retention": "the same for tags",
    "learning_steps": "minutes between the first reviews of a new card",
    "relearning_steps": "minutes until a forgotten card is shown again",
    "day_starts": "local time at which a day of reviews starts",
    "new_per_day": "maximum number of new cards a day",
    "reviews_per_day": "maximum number of reviews a day",
    "minutes_per_day": "maximum number of minutes a day; 0 means no limit",
    "order": "due, retrievability, random or deck",
    "new_cards": "mixed, first or last",
    "leech_lapses": "a card forgotten this many times is a leech",
    "comparison": "when a wrong answer shows expected and got: asked, second (from the second try on) or always",
    "live_checks": "run the visible checks, ungraded, after each pause in typing",
    "complete_names": "complete names while typing",
    "soft_wrap": "wrap long lines in the editor",
    "key_set": "keys of the editor: default, vscode or vim",
    "keys": 'action id and key, as the help page lists them: {"study.submit" = "f5"}',
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its current and its default value."""

    key: str
    value: Any
    default: Any

    @property
    def is_default(self) -> bool:
        return bool(self.value == self.default)


class SettingsScreen(BaseScreen):
    """A list of settings. Enter changes one; an invalid value is reported and not saved."""

    CSS = """
    SettingsScreen VirtualList { margin: 1 2 0 2; height: 1fr; }
    SettingsScreen #note { margin: 0 2; height: auto; max-height: 4; color: $text-muted; }
    SettingsScreen #note.-error { color: $text-error; }
    SettingsScreen Input { margin: 0 2 1 2; display: none; }
    SettingsScreen Input.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings")]
    heading = "settings"

    def compose_body(self) -> Iterable[Widget]:
        yield VirtualList[Setting](_render_row, id="settings")
        yield Static("", id="note", markup=False)
        yield Input(id="value", compact=True)

    def on_mount(self) -> None:
        self._update_list()
        self.query_one(VirtualList).focus()

    def _update_list(self) -> None:
        current, default = self.app.settings, Settings()
        rows: VirtualList[Setting] = self.query_one("#settings", VirtualList)
        rows.show([Setting(f.name, getattr(current, f.name), getattr(default, f.name)) for f in fields(Settings)])
        self._show_description()

    @property
    def _current(self) -> Setting:
        rows: VirtualList[Setting] = self.query_one("#settings", VirtualList)
        assert rows.current is not None
        return rows.current

    @on(VirtualList.Highlighted)
    def _show_description(self) -> None:
        self._show_note(f"{DESCRIPTIONS[self._current.key]}\n{self.app.locations.settings}")

    def _show_note(self, text: str, *, is_error: bool = False) -> None:
        note = self.query_one("#note", Static)
        note.update(visible(text))
        note.set_class(is_error, "-error")

    @on(VirtualList.Selected)
    def edit_selected(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Toggle a boolean, select the next choice, or open the text field."""
        setting = self._current
        choices = tuple(self.app.available_themes) if setting.key == "theme" else CHOICES.get(setting.key)
        if isinstance(setting.value, bool):
            self._set(not setting.value)
        elif choices:
            index = choices.index(setting.value) if setting.value in choices else -1
            self._set(choices[(index + 1) % len(choices)])
        else:
            field = self.query_one(Input)
            field.value = format_value(setting.value)
            field.add_class("-open")
            field.focus()

    def action_default(self) -> None:
        self._set(self._current.default)

    @on(Input.Changed)
    def validate_input(self, event: Input.Changed) -> None:
        """Show while typing whether the value is valid."""
        if not event.input.has_class("-open"):
            return
        try:
            settings = self._with_value(parse_value(event.value, self._current.default))
        except PtquizError as error:
            self._show_error(error)
        else:
            missing = _missing_deck(settings) if self._current.key == "decks" else ""
            note = f"! not found: {missing}" if missing else f"✓ {DESCRIPTIONS[self._current.key]}"
            self._show_note(note, is_error=bool(missing))

    def _show_error(self, error: PtquizError) -> None:
        self._show_note(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), is_error=True)

    @on(Input.Submitted)
    def save_input(self, event: Input.Submitted) -> None:
        if self._set(parse_value(event.value, self._current.default)):
            self._close_field()

    def _close_field(self) -> None:
        self.query_one(Input).remove_class("-open")
        self.query_one(VirtualList).focus()

    def _with_value(self, value: Any) -> Settings:
        """Return the settings with the current setting changed. Raises SettingsError for an invalid value."""
        settings = changed(self.app.settings, self._current.key, value)
        # Raises for unknown actions and conflicting keys, which the settings do not check.
        keymap(settings.keys)
        return settings

    def _set(self, value: Any) -> bool:
        """Save the current setting and apply it; return whether the value was valid."""
        try:
            settings = self._with_value(value)
            write_setting(self.app.locations.settings, self._current.key, getattr(settings, self._current.key))
        except PtquizError as error:
            self._show_error(error)
            return False
        self.app.apply(settings)
        self._update_list()
        if self._current.key == "decks" and (missing := _missing_deck(settings)):
            self.notify(f"saved, but not found: {missing}", severity="warning", markup=False)
        return True

    def action_leave(self) -> None:
        if self.query_one(Input).has_class("-open"):
            self._close_field()
            self._show_description()
        else:
            self.dismiss()


def _missing_deck(settings: Settings) -> str:
    """Return the first path of `decks` that does not exist; empty if all exist."""
    return next((visible(path) for path in settings.decks if not expand_user(path).exists()), "")


def _render_row(setting: Setting, width: int) -> Content:
    mark = " " if setting.is_default else "•"
    value = visible(format_value(setting.value)) if setting.value not in ((), "", {}) else "–"
    line = fit(f"{mark} {fit(setting.key, 20)} {value}", width)
    return Content(line).stylize("bold", 0, 22) if not setting.is_default else Content(line)
