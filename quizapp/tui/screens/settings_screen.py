"""The settings page: each setting with its value, which is edited in place and validated before it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input, Static

from quizapp.errors import PtquizError
from quizapp.settings import Settings, changed, expand_user
from quizapp.text.printable import visible
from quizapp.tui.key_sets import chosen_keys
from quizapp.tui.keymap import bindings, keymap
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.setting_rows import VALUE_COLUMN, Group, Setting, describe, render_row, setting_rows
from quizapp.tui.screens.settings_file import format_value, parse_value, write_setting
from quizapp.tui.widgets.virtual_list import VirtualList

DIGITS = "0123456789"
WIDE_WIDTH = 110
"""Screen width from which the description is beside the list."""


class SettingsScreen(BaseScreen):
    """A list of settings. Keys change one in place; an invalid value is reported and not saved."""

    CSS = """
    SettingsScreen { align-horizontal: center; }
    SettingsScreen #body { max-width: 132; height: 1fr; margin: 1 1 0 1; layers: below above; layout: vertical; }
    SettingsScreen.-wide #body { layout: horizontal; }
    SettingsScreen VirtualList { layer: below; height: 1fr; width: 1fr; }
    SettingsScreen #note {
        layer: below; height: 4; padding: 0 1; color: $text-muted; border-top: solid $foreground 25%;
    }
    SettingsScreen.-wide #note {
        width: 38; height: 1fr; margin: 0 0 0 2; padding: 0 1; border-top: none; border-left: solid $foreground 25%;
    }
    SettingsScreen #note.-error { color: $text-error; }
    SettingsScreen Input { layer: above; position: absolute; width: 40; display: none; background: $surface; }
    SettingsScreen Input.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings")]
    heading = "settings"

    def compose_body(self) -> Iterable[Widget]:
        with Container(id="body"):
            yield VirtualList[Setting | Group](render_row, is_heading=_is_heading, id="settings")
            yield Static("", id="note", markup=False)
            yield Input(id="value", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        self._update_list()
        self._rows.focus()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE_WIDTH, "-wide")
        self._close_field()

    @property
    def _rows(self) -> VirtualList[Setting | Group]:
        return self.query_one("#settings", VirtualList)

    def _update_list(self) -> None:
        self._rows.show(setting_rows(self.app.settings, tuple(self.app.available_themes)))
        self._show_description()

    @property
    def _current(self) -> Setting:
        current = self._rows.current
        assert isinstance(current, Setting)
        return current

    @on(VirtualList.Highlighted)
    def _show_description(self) -> None:
        self._show_note(f"{describe(self._current)}\n{self.app.locations.settings}")

    def _show_note(self, text: str, *, is_error: bool = False) -> None:
        note = self.query_one("#note", Static)
        note.update(visible(text))
        note.set_class(is_error, "-error")

    @on(VirtualList.Selected)
    def edit_selected(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Select the next choice, or open the text field on the value."""
        if self._current.choices:
            self.action_step(1)
        else:
            self._open_field(format_value(self._current.value))

    def action_step(self, by: int) -> None:
        """Select the next or the previous choice, or change a number."""
        value = self._current.stepped(by)
        if value is not None:
            self._set(value)

    def on_key(self, event: events.Key) -> None:
        """Open the field with the digit that was typed on a number."""
        is_number = bool(self._current.text.step)
        if self.focused is self._rows and is_number and event.character and event.character in DIGITS:
            event.stop()
            self._open_field(event.character)

    def _open_field(self, text: str) -> None:
        """Open the text field in place of the value."""
        field, rows = self.query_one(Input), self._rows
        room = rows.size.width - VALUE_COLUMN
        field.styles.offset = VALUE_COLUMN, rows.cursor - rows.scroll_offset.y
        field.styles.width = max(10, room)
        field.value = text
        field.add_class("-open")
        field.focus()
        field.cursor_position = len(text)

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
            note = f"! not found: {missing}" if missing else f"✓ {describe(self._current)}"
            self._show_note(note, is_error=bool(missing))

    def _show_error(self, error: PtquizError) -> None:
        self._show_note(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), is_error=True)

    @on(Input.Submitted)
    def save_input(self, event: Input.Submitted) -> None:
        if self._set(parse_value(event.value, self._current.default)):
            self._close_field()

    def _close_field(self) -> None:
        self.query_one(Input).remove_class("-open")
        self._rows.focus()

    def _with_value(self, value: Any) -> Settings:
        """Return the settings with the current setting changed. Raises SettingsError for an invalid value."""
        settings = changed(self.app.settings, self._current.key, value)
        # Raises for unknown actions and conflicting keys, which the settings do not check.
        keymap(chosen_keys(settings))
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


def _is_heading(row: Setting | Group) -> bool:
    return isinstance(row, Group)
