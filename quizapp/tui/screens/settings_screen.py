"""The settings page: each setting with its value, changed in place and checked before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from quizapp.errors import PtquizError
from quizapp.settings import CHOICES, Settings, changed
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings, keymap
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.settings_file import shown, typed, write_setting
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.virtual_list import VirtualList

NOTES = {
    "decks": "deck files and folders beside the shipped ones, with commas between",
    "language": "cards are shown in this language where a translation exists: zh",
    "theme": "colours of the screen; Enter goes to the next one",
    "two_buttons": "rate with Again and Good only",
    "desired_retention": "how likely you want to recall a card when it comes back: 0.7 to 0.99",
    "deck_retention": 'the same for single decks: {"tensors" = 0.95}',
    "tag_retention": "the same for tags",
    "learning_steps": "minutes between the first showings of a new card",
    "relearning_steps": "minutes until a forgotten card comes again",
    "day_starts": "local time at which a new day of reviews begins",
    "new_per_day": "new cards a day at most",
    "reviews_per_day": "reviews a day at most",
    "minutes_per_day": "minutes a day at most; 0 is no limit",
    "order": "due, retrievability, random or deck",
    "new_cards": "mixed, first or last",
    "leech_lapses": "a card forgotten this often is a leech",
    "keys": 'action id and key, as the help page lists them: {"study.submit" = "f5"}',
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the page."""

    key: str
    value: Any
    default: Any

    @property
    def is_default(self) -> bool:
        return bool(self.value == self.default)


class SettingsScreen(BaseScreen):
    """Enter changes; what does not fit is said and not written."""

    CSS = """
    SettingsScreen VirtualList { margin: 1 2 0 2; height: 1fr; }
    SettingsScreen #note { margin: 0 2; height: auto; max-height: 4; color: $text-muted; }
    SettingsScreen #note.-error { color: $text-error; }
    SettingsScreen Input { margin: 0 2 1 2; display: none; }
    SettingsScreen Input.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings")]
    place = "settings"

    def body(self) -> Iterable[Widget]:
        yield VirtualList[Setting](_draw, id="settings")
        yield Static("", id="note", markup=False)
        yield Input(id="value", compact=True)

    def on_mount(self) -> None:
        self._fill()
        self.query_one(VirtualList).focus()

    def _fill(self) -> None:
        now, default = self.app.settings, Settings()
        rows: VirtualList[Setting] = self.query_one("#settings", VirtualList)
        rows.show([Setting(f.name, getattr(now, f.name), getattr(default, f.name)) for f in fields(Settings)])
        self._describe()

    @property
    def _current(self) -> Setting:
        rows: VirtualList[Setting] = self.query_one("#settings", VirtualList)
        assert rows.current is not None
        return rows.current

    @on(VirtualList.Moved)
    def _describe(self) -> None:
        self._say(f"{NOTES[self._current.key]}\n{self.app.locations.settings}")

    def _say(self, text: str, *, error: bool = False) -> None:
        note = self.query_one("#note", Static)
        note.update(visible(text))
        note.set_class(error, "-error")

    @on(VirtualList.Chosen)
    def chosen(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Turn a switch, go to the next choice, or open the field."""
        setting = self._current
        choices = tuple(self.app.available_themes) if setting.key == "theme" else CHOICES.get(setting.key)
        if isinstance(setting.value, bool):
            self._set(not setting.value)
        elif choices:
            place = choices.index(setting.value) if setting.value in choices else -1
            self._set(choices[(place + 1) % len(choices)])
        else:
            field = self.query_one(Input)
            field.value = shown(setting.value)
            field.add_class("-open")
            field.focus()

    def action_default(self) -> None:
        self._set(self._current.default)

    @on(Input.Changed)
    def checked(self, event: Input.Changed) -> None:
        """Say while it is typed whether the value fits."""
        if not event.input.has_class("-open"):
            return
        try:
            settings = self._fitting(typed(event.value, self._current.default))
        except PtquizError as error:
            self._say(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), error=True)
        else:
            missing = _missing(settings) if self._current.key == "decks" else ""
            self._say(f"! nothing is at {missing}" if missing else f"✓ {NOTES[self._current.key]}", error=bool(missing))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        if self._set(typed(event.value, self._current.default)):
            self._close()

    def _close(self) -> None:
        self.query_one(Input).remove_class("-open")
        self.query_one(VirtualList).focus()

    def _fitting(self, value: Any) -> Settings:
        """The settings with this value; raises SettingsError."""
        settings = changed(self.app.settings, self._current.key, value)
        keymap(settings.keys)
        return settings

    def _set(self, value: Any) -> bool:
        try:
            settings = self._fitting(value)
            write_setting(self.app.locations.settings, self._current.key, getattr(settings, self._current.key))
        except PtquizError as error:
            self._say(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), error=True)
            return False
        self.app.apply(settings)
        self._fill()
        if self._current.key == "decks" and (missing := _missing(settings)):
            self.notify(f"saved, but nothing is at {missing}", severity="warning", markup=False)
        return True

    def action_leave(self) -> None:
        if self.query_one(Input).has_class("-open"):
            self._close()
            self._describe()
        else:
            self.dismiss()


def _missing(settings: Settings) -> str:
    """The first place of decks where nothing is."""
    return next((visible(path) for path in settings.decks if not Path(path).expanduser().exists()), "")


def _draw(setting: Setting, width: int) -> Content:
    mark = " " if setting.is_default else "•"
    line = fit(
        f"{mark} {fit(setting.key, 20)} {visible(shown(setting.value)) if setting.value not in ((), '', {}) else '–'}",
        width,
    )
    return Content(line).stylize("bold", 0, 22) if not setting.is_default else Content(line)
