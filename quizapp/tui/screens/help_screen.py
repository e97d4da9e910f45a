"""The help page: every action with its keys and its id, and how to change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.tui.keymap import ACTIONS, Action, keys_of
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit

PLACES = {
    "app": "Everywhere",
    "home": "Home",
    "study": "While studying",
    "rating": "Rating (when the editor is not in use)",
    "editor": "Editor",
    "heat": "Heat maps",
    "order": "Putting lines in order",
    "browse": "Browse",
    "leeches": "Leeches",
    "practise": "Practice outside the schedule",
    "summary": "At the end of a session",
    "page": "Every page behind Home",
    "settings": "Settings",
}
NAMES = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "asterisk": "*",
    "slash": "/",
    "comma": ",",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+@": "ctrl+space",
    "ctrl+underscore": "ctrl+/",
    "ctrl+right_square_bracket": "ctrl+]",
    "ctrl+backslash": "ctrl+\\",
    "escape": "esc",
    "R": "shift+r",
}
HOW = (
    "Keys are changed in the settings file, by action id:\n\n"
    '    [keys]\n    "study.submit" = "f5,ctrl+s"\n\n'
    "A key that two actions of one screen would share is refused.\n"
    "Letters and digits work wherever no text is being typed; Esc leaves the editor.\n"
    "ctrl+p opens the command palette, which finds every action by its words.\n"
    "In the editor the usual text keys work too: ctrl+z and ctrl+y undo and redo, tab and shift+tab indent."
)


class HelpScreen(BaseScreen):
    """Scrolls with the arrows."""

    CSS = """
    HelpScreen VerticalScroll { padding: 1 2; }
    HelpScreen Static { height: auto; margin: 0 0 1 0; }
    """
    place = "help"

    def body(self) -> Iterable[Widget]:
        changed = self.app.settings.keys
        with VerticalScroll():
            for place, title in PLACES.items():
                actions = [action for action in ACTIONS if action.place == place]
                yield Static(_section(title, actions, changed))
            yield Static(Content.assemble(("Changing keys\n", "bold $text-accent"), HOW))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def _section(title: str, actions: Iterable[Action], changed: Mapping[str, str]) -> Content:
    lines: list[tuple[str, str]] = [(f"{title}\n", "bold $text-accent")]
    for action in actions:
        keys = "  ".join(shown_key(key) for key in keys_of(action, changed))
        lines += [(fit(keys, 24), "bold"), (fit(action.label, 32), ""), (f"{action.id}\n", MUTED)]
    return Content.assemble(*lines).rstrip()


def shown_key(key: str) -> str:
    """A key as it is written on keyboards."""
    return NAMES.get(key, key)
