"""The errors that a user can see, and their exit codes.

    PtquizError
    ├── UsageError         a card, deck, file or option that does not exist      exit 2
    ├── DeckError          decks with problems; carries all of them              exit 1
    ├── SettingsError      a settings file that cannot be used                   exit 2
    ├── OutputError        standard output is closed or cannot be written       exit 2
    ├── SandboxError       no answer can be run on this machine                  exit 3
    │   ├── SandboxCrashed a bug in the sandbox itself; shown with its traceback exit 3
    │   └── UntrustedError untrusted code, and a sandbox that is too weak        exit 3
    └── StoreError         the review store cannot be read or written            exit 2
        └── DamagedError   the review store, or a backup, is damaged             exit 2

`cli.main` is the only place that catches them. Any other exception is a bug: during grading, and in threads of the
screen, it is written to `errors.log`; elsewhere it keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from quizapp.text.printable import one_line


class Exit(IntEnum):
    """Exit codes of the process."""

    CLEAN = 0
    NOT_PASSED = 1
    USAGE = 2
    SANDBOX = 3
    DEFERRED = 4
    """Nothing was decided: every check needs a GPU, and this machine has none."""


class PtquizError(Exception):
    """An expected error: `message` says where and what, `hint` how to fix it."""

    exit_code = Exit.USAGE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PtquizError):
    """The command names something that does not exist."""


class SettingsError(PtquizError):
    """The settings file is not valid."""


class StoreError(PtquizError):
    """The review store cannot be read or written; nothing in it was changed."""


class OutputError(PtquizError):
    """Standard output cannot be written. Without a message, its reader has closed the pipe."""


class DamagedError(StoreError):
    """The review store, or a backup of it, is damaged."""


class SandboxError(PtquizError):
    """No answer can be run on this machine."""

    exit_code = Exit.SANDBOX


class SandboxCrashed(SandboxError):
    """The sandbox failed by a bug of its own, which is the exception's cause."""


class UntrustedError(SandboxError):
    """Untrusted code was not run, because the sandbox cannot confine it on this machine."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a deck file, and how to fix it."""

    path: str
    line: int
    """Counted from 1; 0 for the whole file."""

    column: int
    """Counted from 1, in characters; 0 for the whole line."""

    message: str
    hint: str | None = None
    kind: str = "invalid"
    """A stable slug for scripts: `unknown-key`, `duplicate-id`, `reference-fails` …"""

    card: str | None = None
    """`deck/id`, where the problem belongs to one card."""

    severity: str = "error"
    """`error`, or `warning` for a deck that can still be used."""

    def __str__(self) -> str:
        path = one_line(self.path)
        place = f"{path}:{self.line}:{self.column}" if self.line else path
        text = f"{self.severity}: {place}: {self.message}"
        return f"{text}\nhint: {self.hint}" if self.hint else text


class DeckError(PtquizError):
    """Deck files with problems; carries all of them."""

    exit_code = Exit.NOT_PASSED

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
