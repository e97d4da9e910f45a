"""The rows of the settings page: settings in groups, with their labels and descriptions. Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content

from quizapp.settings import CHOICES, Settings
from quizapp.text.printable import one_line
from quizapp.tui.screens.settings_file import format_value
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit

LABEL_WIDTH = 30
VALUE_COLUMN = LABEL_WIDTH + 4
"""Cells in front of the value."""

KEY_WIDTH = 18
"""Cells of the name in settings.toml, in the last column."""

MIN_WIDTH_WITH_KEY = 72


@dataclass(frozen=True, slots=True)
class Text:
    """What the page says about a setting."""

    label: str
    description: str
    step: float = 0
    """By how much + and - change a number."""


GROUPS: dict[str, dict[str, Text]] = {
    "Appearance": {
        "theme": Text("Theme", "Colours of the screens."),
        "language": Text("Language of the cards", "Show cards in this language where a translation exists: zh."),
        "comparison": Text(
            "Show expected and got",
            "When a wrong answer shows expected and got: when asked for, from the second try on, or always.",
        ),
        "two_buttons": Text("Two rating buttons", "Rate with Again and Good only."),
    },
    "Schedule": {
        "new_per_day": Text("New cards a day", "The most new cards a day.", 1),
        "reviews_per_day": Text("Reviews a day", "The most reviews a day.", 10),
        "minutes_per_day": Text("Minutes a day", "The most minutes of reviews a day; 0 means no limit.", 5),
        "desired_retention": Text(
            "Desired retention",
            "Probability of recalling a card when it is due: 0.7 to 0.99. Higher means more reviews.",
            0.01,
        ),
        "deck_retention": Text("Retention of single decks", 'Desired retention by deck: {"tensors" = 0.95}'),
        "tag_retention": Text("Retention of single tags", 'Desired retention by tag: {"dtype" = 0.85}'),
        "learning_steps": Text("Learning steps", "Minutes between the first reviews of a new card, with commas."),
        "relearning_steps": Text("Relearning steps", "Minutes until a forgotten card is shown again, with commas."),
        "order": Text("Order of reviews", "Longest overdue first, most nearly forgotten first, random, or by deck."),
        "new_cards": Text("New cards among reviews", "Mixed in evenly, before the reviews, or after them."),
        "day_starts": Text("Start of the day", "Local time at which a day of reviews starts."),
        "leech_lapses": Text("Lapses of a leech", "A card forgotten this many times is a leech.", 1),
    },
    "Editor": {
        "complete_names": Text("Complete names", "Complete names while typing."),
        "live_checks": Text("Live checks", "Run the visible checks, ungraded, after each pause in typing."),
        "soft_wrap": Text("Wrap long lines", "Wrap long lines in the editor."),
    },
    "Keys": {
        "key_set": Text("Keys of the editor", "Those of ptquiz, of VS Code, or of vim."),
        "keys": Text("Changed keys", 'Action id and key, as the help page lists them: {"study.submit" = "f5"}'),
    },
    "Decks": {
        "decks": Text("More decks", "Deck files and folders in addition to the shipped ones, separated by commas."),
    },
}
TEXTS = {key: text for group in GROUPS.values() for key, text in group.items()}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its current and its default value; `key` is its name in settings.toml."""

    key: str
    value: Any
    default: Any
    choices: tuple[Any, ...] = ()
    """The values to choose from; empty if the value is typed."""

    @property
    def is_default(self) -> bool:
        return bool(self.value == self.default)

    @property
    def text(self) -> Text:
        return TEXTS[self.key]

    def stepped(self, by: int) -> Any:
        """Return the next or the previous value; None if the value can only be typed."""
        if self.choices:
            at = self.choices.index(self.value) if self.value in self.choices else -by
            return self.choices[(at + by) % len(self.choices)]
        return round(self.value + by * self.text.step, 2) if self.text.step else None


@dataclass(frozen=True, slots=True)
class Group:
    """The heading of a group, which cannot be selected."""

    title: str


def setting_rows(current: Settings, themes: Sequence[str]) -> list[Setting | Group]:
    """Return every setting below the heading of its group."""
    default = Settings()
    rows: list[Setting | Group] = []
    for title, texts in GROUPS.items():
        rows.append(Group(title))
        for key in texts:
            value = getattr(current, key)
            choices = (False, True) if isinstance(value, bool) else CHOICES.get(key, ())
            rows.append(Setting(key, value, getattr(default, key), tuple(themes) if key == "theme" else choices))
    return rows


def render_row(row: Setting | Group, width: int) -> Content:
    """Return a row: a mark if the value is not the default, the label, the value, and the name in the file."""
    if isinstance(row, Group):
        return Content.styled(fit(row.title, width), "bold $text-primary")
    has_key = width >= MIN_WIDTH_WITH_KEY
    mark = " " if row.is_default else "•"
    value = one_line(format_value(row.value)) if row.value not in ((), "", {}) else "–"
    if row.choices:
        value = f"‹ {value} ›"
    value_width = max(0, width - VALUE_COLUMN - (KEY_WIDTH + 2 if has_key else 0))
    return Content.assemble(
        (f" {mark} ", "$text-primary"),
        f"{fit(row.text.label, LABEL_WIDTH)} ",
        (fit(value, value_width), MUTED if row.is_default else "bold"),
        (f"  {fit(row.key, KEY_WIDTH)}", MUTED) if has_key else "",
    )


def describe(setting: Setting) -> str:
    """Return the description of a setting with its default."""
    default = format_value(setting.default) or "empty"
    return f"{setting.text.description}\n{setting.key} · default: {default if setting.default != {} else 'empty'}"
