"""Every error a person can see, and the exit code that says so.

    PtquizError
    ├── UsageError         a card, deck, file or option that is not there        exit 2
    ├── DeckError          decks with problems, all of them at once              exit 1
    ├── SettingsError      a settings file that cannot be used                   exit 2
    ├── SandboxError       no answer can be run here                             exit 3
    │   └── UntrustedError a stranger's code, and a sandbox that is too weak     exit 3
    └── StoreError         the review store cannot be read or written            exit 2

`cli.main` is the only place that catches them; anything else is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """What the process ends with."""

    CLEAN = 0
    NOT_PASSED = 1
    USAGE = 2
    SANDBOX = 3


class PtquizError(Exception):
    """An error with a way out: `message` says where and what, `hint` what to do."""

    exit_code = Exit.USAGE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PtquizError):
    """The command names something that is not there."""


class SettingsError(PtquizError):
    """The settings file cannot be used as it stands."""


class StoreError(PtquizError):
    """The review store cannot be read or written; nothing in it was changed."""


class SandboxError(PtquizError):
    """No answer can be run on this machine as it stands."""

    exit_code = Exit.SANDBOX


class UntrustedError(SandboxError):
    """A stranger's code was not run, because the sandbox cannot confine it here."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a deck file, and the way out."""

    path: str
    line: int
    """Counted from 1; 0 where the whole file is meant."""

    column: int
    """Counted from 1, in characters; 0 where the whole line is meant."""

    message: str
    hint: str | None = None
    kind: str = "invalid"
    """A stable slug for machines: `unknown-key`, `duplicate-id`, `reference-fails` …"""

    card: str | None = None
    """`deck/id`, where the fault belongs to one card."""

    severity: str = "error"
    """`error`, or `warning` for what does not keep a deck from being used."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        text = f"{self.severity}: {place}: {self.message}"
        return f"{text}\nhint: {self.hint}" if self.hint else text


class DeckError(PtquizError):
    """Deck files with problems; carries every one of them."""

    exit_code = Exit.NOT_PASSED

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
