"""The commands after `:`, and the prompt in which they and searches are typed. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from quizapp.tui.widgets.vim.key_parser import VimCommand


class Request(Enum):
    """What the state machine asks of the editor besides a new text and cursor."""

    PASS = "handle the key as without vim"
    EXIT = "leave the editor"
    UNDO = "undo"
    REDO = "redo"
    SUBMIT = "submit the answer"
    QUIT = "leave the session"
    HELP = "show the help"


LINE_COMMANDS = {
    **dict.fromkeys(("w", "write", "wq", "x", "xit", "wq!", "w!", "x!"), Request.SUBMIT),
    **dict.fromkeys(("q", "quit", "q!", "quit!"), Request.QUIT),
    **dict.fromkeys(("h", "help"), Request.HELP),
    **dict.fromkeys(("u", "undo"), Request.UNDO),
    **dict.fromkeys(("red", "redo"), Request.REDO),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A line that is being typed after `:`, `/` or `?`."""

    sign: str
    command: VimCommand
    """The search, with the operator that it is a motion of."""

    text: str = ""

    def press(self, key: str) -> Prompt | None:
        """Return the prompt after a key other than Enter; None if the key closes it."""
        if key == "escape" or (key == "backspace" and not self.text):
            return None
        if key == "backspace":
            return replace(self, text=self.text[:-1])
        if key == "ctrl+u":
            return replace(self, text="")
        if key == "ctrl+w":
            words = self.text.rstrip().rpartition(" ")
            return replace(self, text=words[0] + words[1])
        return replace(self, text=self.text + key) if len(key) == 1 else self
