"""The help page: every action with its keys and id, and how to change the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.tui.key_sets import chosen_keys
from quizapp.tui.keymap import ACTIONS, Action, keys_of
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit

SCOPE_TITLES = {
    "app": "Everywhere",
    "home": "Home",
    "study": "While studying",
    "rating": "Rating (while the editor is not focused)",
    "editor": "Editor",
    "heat": "Heat maps",
    "order": "Putting lines in order",
    "browse": "Browse",
    "leeches": "Leeches",
    "practice": "Practice",
    "summary": "At the end of a session",
    "page": "Every page opened from Home",
    "settings": "Settings",
}
KEY_LABELS = {
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
CHANGING_KEYS = (
    "Change keys in the settings file, by action id:\n\n"
    '    [keys]\n    "study.submit" = "f5,ctrl+s"\n\n'
    "Two actions of one screen cannot share a key.\n"
    "While an answer is open, letters and digits are text; their actions also have function keys.\n"
    "ctrl+p opens the command palette, which finds every action by its label.\n"
    "The usual text keys work in the editor: ctrl+z and ctrl+y undo and redo, tab and shift+tab indent.\n"
    "On predict cards, enter submits a prediction of one line, and ctrl+j starts a new line."
)


class HelpScreen(BaseScreen):
    """A scrollable page with one section of keys for each scope."""

    CSS = """
    HelpScreen VerticalScroll { padding: 1 2; }
    HelpScreen Static { height: auto; margin: 0 0 1 0; text-wrap: nowrap; text-overflow: ellipsis; }
    HelpScreen #changing { text-wrap: wrap; }
    """
    heading = "help"

    def __init__(self, scopes: tuple[str, ...] = ()) -> None:
        """`scopes` are those of the place that the page was opened from, the innermost first."""
        super().__init__()
        self._scopes = scopes

    def compose_body(self) -> Iterable[Widget]:
        changed = chosen_keys(self.app.settings)
        with VerticalScroll():
            for scope in ordered_scopes(self._scopes):
                actions = [action for action in ACTIONS if action.scope == scope]
                yield Static(_render_section(SCOPE_TITLES[scope], actions, changed))
            yield Static(Content.assemble(("Changing keys\n", "bold $text-accent"), CHANGING_KEYS), id="changing")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def ordered_scopes(first: Iterable[str]) -> list[str]:
    """Return every scope with a section, beginning with those in `first`."""
    return list(dict.fromkeys([*(scope for scope in first if scope in SCOPE_TITLES), *SCOPE_TITLES]))


def _render_section(title: str, actions: Iterable[Action], changed: Mapping[str, str]) -> Content:
    lines: list[tuple[str, str]] = [(f"{title}\n", "bold $text-accent")]
    for action in actions:
        keys = "  ".join(key_label(key) for key in keys_of(action, changed))
        lines += [(fit(keys, 24), "bold"), (fit(action.description, 32), ""), (f"{action.id}\n", MUTED)]
    return Content.assemble(*lines).rstrip()


def key_label(key: str) -> str:
    """Return a key as it is labelled on keyboards."""
    return KEY_LABELS.get(key, key)
