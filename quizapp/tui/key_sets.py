"""The key sets of the settings: the keys that a set changes, before the learner's own changes. Contains no widget."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.settings import KeySet, Settings

KEY_SETS: Mapping[KeySet, Mapping[str, str]] = {
    "vscode": {
        "study.enlarge": "f11",
        "editor.duplicate": "alt+shift+down,ctrl+d",
        "editor.comment": "ctrl+slash,ctrl+underscore,f10",
        "editor.select-line": "ctrl+l,alt+l",
        "editor.complete": "ctrl+@,f4",
    },
}
"""Key set -> action id -> keys. A set that is missing here changes none."""


def chosen_keys(settings: Settings) -> Mapping[str, str]:
    """Return the keys that differ from the defaults: those of the key set, then the learner's own."""
    return {**KEY_SETS.get(settings.key_set, {}), **settings.keys}
