"""Starts the learner's editor beside ptquiz, if it has a window."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from quizapp.text.printable import one_line

GOTO_FLAG = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf"})
PLUS_LINE = frozenset({"gvim", "mvim", "emacs", "emacsclient", "gedit", "pluma", "xed", "mousepad"})
GRAPHICAL = GOTO_FLAG | PLUS_LINE | {"kate", "subl", "zed", "geany", "gnome-text-editor", "idea", "pycharm"}
TERMINAL = frozenset(
    {"vi", "vim", "nvim", "nano", "pico", "emacs-nox", "mg", "micro", "hx", "helix", "kak", "joe", "jed", "ne", "ed"}
)
IN_TERMINAL = frozenset({"-nw", "-t", "-tty", "--tty", "--no-window-system"})
"""Options with which Emacs opens no window."""

ELSEWHERE = "open it in another terminal, or in an editor with a window"


def open_beside(path: Path, line: int, *, is_wanted: bool, environment: Mapping[str, str] = os.environ) -> str:
    """Open `path` in $VISUAL or $EDITOR if that is known to have a window; return what the learner has to do.

    With `is_wanted`, also in an editor that is not known. An editor that runs in the terminal is never started: it
    would read the same keys.
    """
    text = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip()
    try:
        command = shlex.split(text)
    except ValueError:
        return f"`{one_line(text)}` is not a command; {ELSEWHERE}"
    if not command or _is_in_terminal(command, environment):
        return ELSEWHERE
    name = Path(command[0]).name
    if not (is_wanted or name in GRAPHICAL):
        return f"{ELSEWHERE}; --open starts `{one_line(name)}`"
    try:
        _start([*command, *_arguments(name, path, line)])
    except OSError as error:
        return f"`{one_line(name)}` could not be started: {error.strerror}; {ELSEWHERE}"
    return f"opened with `{one_line(name)}`"


def _is_in_terminal(command: list[str], environment: Mapping[str, str]) -> bool:
    name = Path(command[0]).name
    if name == "emacs" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return True
    return name in TERMINAL or (name.startswith("emacs") and not IN_TERMINAL.isdisjoint(command))


def _arguments(name: str, path: Path, line: int) -> list[str]:
    if name in GOTO_FLAG:
        return ["--goto", f"{path}:{line}"]
    return [f"+{line}", str(path)] if name in PLUS_LINE else [str(path)]


def _start(command: list[str]) -> None:
    """Start a program that outlives ptquiz and does not use its terminal."""
    null = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
    # Popen warns about a process that is still running when the object is deleted.
    process.returncode = 0
