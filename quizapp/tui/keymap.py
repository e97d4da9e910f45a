"""Every action of the screens with its id, keys and label, and the check for conflicting keys. Contains no widget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from quizapp.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Action:
    """An action that keys trigger. The part of `id` before the dot is its scope: where its keys are active."""

    id: str
    keys: str
    """Comma separated, with Textual's names; the footer shows the first."""

    label: str
    shown: bool = False
    """Whether the footer shows it."""

    call: str = ""
    """The Textual action; if empty, the part of `id` after the dot."""

    words: str = ""
    """The label of the help page and the palette; if empty, `label`."""

    @property
    def description(self) -> str:
        return self.words or self.label

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        return self.call or self.id.partition(".")[2].replace("-", "_")


ACTIONS = (
    Action("app.help", "f1,question_mark", "Help", shown=True),
    Action("app.settings", "comma,shift+f12", "Settings"),
    Action("app.language", "ctrl+backslash", "Language"),
    Action("app.theme", "shift+f11", "Theme"),
    Action("app.quit", "ctrl+q", "Quit"),
    Action("home.start", "enter,f5", "Start", shown=True),
    Action("home.search", "slash,ctrl+f", "Search", shown=True),
    Action("home.browse", "b,f3", "Browse", shown=True),
    Action("home.statistics", "s,f4", "Statistics", shown=True),
    Action("home.practice", "p,f6", "Practice", shown=True),
    Action("home.more-new", "n", "10 more new", shown=True),
    Action("home.leeches", "l,f7", "Leeches"),
    Action("home.undo", "u,shift+f7", "Undo"),
    Action("home.redo", "U,ctrl+f7", "Redo"),
    Action("home.refresh", "r,f8", "Refresh"),
    Action("home.quit", "q", "Quit", shown=True),
    Action("home.clear", "escape", "Clear the search"),
    Action("study.submit", "ctrl+s,f5,ctrl+enter", "Submit", shown=True, words="Submit the answer"),
    Action("study.scratch", "ctrl+t,f6", "Try", shown=True, words="Try the answer without grading it"),
    Action("study.hint", "ctrl+o,f2", "Hint", shown=True, words="Take a hint"),
    Action("study.give-up", "ctrl+g,f7", "Give up", shown=True, words="Give up and see the reference"),
    Action("study.next", "ctrl+n,f8", "Next", shown=True, words="Go to the next card"),
    Action("study.answer", "f9", "Pane", shown=True, words="Go to the answer, or from it to the next pane"),
    Action("study.leave", "escape", "Back", shown=True),
    Action("study.undo", "u,shift+f7", "Undo", shown=True, words="Undo the last rating or action"),
    Action("study.redo", "ctrl+f7", "Redo", words="Redo what was undone"),
    Action("study.bury", "minus,shift+f8", "Bury", shown=True, words="Bury the card until tomorrow"),
    Action("study.suspend", "exclamation_mark,shift+f9", "Suspend", words="Suspend the card"),
    Action("study.flag", "asterisk,shift+f10", "Flag", shown=True, words="Flag the card"),
    Action("study.pane", "ctrl+b", "Next pane"),
    Action("study.enlarge", "f11,ctrl+l", "Enlarge"),
    Action("study.external", "shift+f4,ctrl+right_square_bracket", "Open in $EDITOR"),
    Action("study.question", "shift+f1", "Show the question", call="show('question')"),
    Action("study.verdict", "shift+f2", "Show the verdict", call="show('verdict')"),
    Action("study.sides", "ctrl+f5", "Compare expected and got"),
    Action("study.output", "shift+f3,ctrl+f6", "Show the output", call="show('output')"),
    Action("study.reference", "shift+f5", "Show the reference", call="show('reference')"),
    Action("study.attempts", "shift+f6", "Show past attempts", call="show('attempts')"),
    Action("study.console", "ctrl+r", "Console", call="show('console')", words="Open the console"),
    Action("rating.again", "1,ctrl+f1", "Rate Again", call="rate(1)"),
    Action("rating.hard", "2,ctrl+f2", "Rate Hard", call="rate(2)"),
    Action("rating.good", "3,ctrl+f3", "Rate Good", call="rate(3)"),
    Action("rating.easy", "4,ctrl+f4", "Rate Easy", call="rate(4)"),
    Action("editor.comment", "f10,ctrl+underscore,ctrl+slash", "Comment or uncomment"),
    Action("editor.find", "f3,ctrl+f", "Find"),
    Action("editor.complete", "f4,ctrl+@", "Complete the name"),
    Action("editor.documentation", "f12,alt+d", "Documentation of the name"),
    Action("editor.select-all", "ctrl+a", "Select all"),
    Action("editor.document-start", "ctrl+home", "Go to the start"),
    Action("editor.document-end", "ctrl+end", "Go to the end"),
    Action("editor.duplicate", "ctrl+d", "Duplicate the line or selection"),
    Action("editor.line-up", "alt+up", "Move the lines up", call="move_lines(-1)"),
    Action("editor.line-down", "alt+down", "Move the lines down", call="move_lines(1)"),
    Action("editor.select-line", "alt+l", "Select the line"),
    Action("editor.delete-line", "ctrl+shift+k", "Delete the line"),
    Action("editor.wrap", "alt+z", "Wrap long lines"),
    Action("editor.reset", "alt+r", "Reset to the starter"),
    Action("heat.slice-next", "shift+right,ctrl+right", "Next slice", call="slice(1)"),
    Action("heat.slice-previous", "shift+left,ctrl+left", "Previous slice", call="slice(-1)"),
    Action("heat.axis", "shift+down,ctrl+down", "Choose the dimension to slice"),
    Action("order.up", "shift+up,k", "Move the line up", call="move(-1)"),
    Action("order.down", "shift+down,j", "Move the line down", call="move(1)"),
    Action("order.drop", "delete,x", "Drop or restore the line"),
    Action("browse.suspend", "exclamation_mark,shift+f9", "Suspend", shown=True),
    Action("browse.bury", "minus,shift+f8", "Bury", shown=True),
    Action("browse.flag", "asterisk,shift+f10", "Flag", shown=True),
    Action("browse.reset", "R", "Reset"),
    Action("browse.study", "f5", "Study these", shown=True),
    Action("browse.history", "enter,f4", "History", shown=True),
    Action("browse.search", "slash,ctrl+f", "Search", shown=True),
    Action("browse.leave", "escape,q", "Back", shown=True),
    Action("leeches.suspend", "exclamation_mark,s", "Suspend", shown=True),
    Action("leeches.flag", "asterisk,f", "Flag", shown=True),
    Action("leeches.reset", "R", "Reset", shown=True),
    Action("leeches.study", "enter,f5", "Study it", shown=True),
    Action("practice.start", "enter,f5,ctrl+s", "Start", shown=True),
    Action("practice.pick", "space,x", "Pick", shown=True),
    Action("practice.clear", "delete,backspace", "Clear the list", shown=True),
    Action("practice.next-list", "right", "Next list"),
    Action("practice.previous-list", "left", "Previous list"),
    Action("summary.leave", "enter,escape,q", "Home", shown=True),
    Action("summary.practice", "p,f6", "Practise 3 more", shown=True),
    Action("summary.next-mistake", "down,j", "Mark the next mistake", call="mark(1)"),
    Action("summary.previous-mistake", "up,k", "Mark the previous mistake", call="mark(-1)"),
    Action("summary.undo", "u,shift+f7", "Undo", shown=True),
    Action("page.leave", "escape,q", "Back", shown=True),
    Action("settings.edit", "enter,space", "Change", shown=True),
    Action("settings.next", "right,plus", "Next value", shown=True, call="step(1)"),
    Action("settings.previous", "left,minus", "Previous value", call="step(-1)"),
    Action("settings.default", "delete,backspace", "Reset to default", shown=True),
)

OLD_IDS = {"home.practice": "home.practise", "practice.start": "practise.start"}
"""Action id -> its id in version 0.1.0, which settings files may still use."""

SHIFTED_FUNCTION_KEY = re.compile(r"shift\+f([1-9]|1[0-2])")

ACTIVE_SCOPES = (
    ("app", "home"),
    ("app", "study", "rating", "editor", "heat"),
    ("app", "study", "rating", "order"),
    ("app", "browse"),
    ("app", "page", "settings"),
    ("app", "page", "leeches"),
    ("app", "page", "practice"),
    ("app", "summary"),
)
"""Scopes whose keys are active at the same time, innermost last."""


def with_terminal_keys(keys: str) -> str:
    """Add the keys that terminals send for shift with a function key: most send `f13` for `shift+f1`, and so on."""
    names = _split(keys)
    sent = [f"f{int(key.removeprefix('shift+f')) + 12}" for key in names if SHIFTED_FUNCTION_KEY.fullmatch(key)]
    return ",".join(names + sent)


def bindings(scope: str) -> list[Binding]:
    """Return Textual's bindings of one scope, with ids for a keymap."""
    return [
        Binding(with_terminal_keys(action.keys), action.action, action.label, show=action.shown, id=action.id)
        for action in ACTIONS
        if action.scope == scope
    ]


def keymap(changed: Mapping[str, str]) -> dict[str, str]:
    """Return Textual's keymap for the learner's `changed` keys.

    Raises SettingsError for an unknown action, an unknown key, or a key with two actions.
    """
    ids = {action.id: action.id for action in ACTIONS} | {old: new for new, old in OLD_IDS.items()}
    for name in changed:
        if name not in ids:
            similar = get_close_matches(name, ids, 1)
            raise SettingsError(
                f"keys: `{name}` is not an action",
                f"did you mean `{similar[0]}`?" if similar else "the help screen lists the actions",
            )
        for key in _split(changed[name]):
            if not is_key(key):
                raise SettingsError(f"keys: `{name}` = `{key}` is not a key", "write keys as `f5`, `ctrl+s` or `slash`")
    for conflict in conflicts(changed):
        raise SettingsError(f"keys: {conflict}", "choose another key for one of them")
    return {ids[name]: with_terminal_keys(keys) for name, keys in changed.items()}


def keys_of(action: Action, changed: Mapping[str, str]) -> tuple[str, ...]:
    """Return an action's keys, with the learner's changes applied."""
    old_id = OLD_IDS.get(action.id, action.id)
    return tuple(_split(changed.get(action.id, changed.get(old_id, action.keys))))


def is_key(name: str) -> bool:
    """Return whether Textual has a key of this name: a letter, a named key, or the Unicode name of a symbol."""
    base = name.rpartition("+")[2]
    if len(base) == 1 or base in {key.value for key in Keys} or base in KEY_NAME_REPLACEMENTS.values():
        return True
    try:
        # Code points from U+2000 up are symbols and emoji, not keys.
        return ord(unicodedata.lookup(base.replace("_", " "))) < 0x2000
    except KeyError:
        return False


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]


def conflicts(changed: Mapping[str, str]) -> Iterator[str]:
    """Yield one sentence for each key that would trigger two actions at the same time."""
    seen: set[str] = set()
    for scopes in ACTIVE_SCOPES:
        owners: dict[str, Action] = {}
        for action in (action for action in ACTIONS if action.scope in scopes):
            for key in keys_of(action, changed):
                owner = owners.setdefault(key, action)
                sentence = f"`{key}` would trigger both {owner.id} and {action.id}"
                if owner is not action and sentence not in seen:
                    seen.add(sentence)
                    yield sentence
