"""Drives a watching command without a terminal: saves its file, presses keys, and waits for what it prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.commands.own_editor.watch_loop import WatchLoop
from quizapp.commands.own_editor.work_file import MARKER
from quizapp.sandbox.client import Sandbox
from quizapp.services import ServiceProvider

POLLS = 4
"""Steps after which a save was noticed."""


@dataclass
class Driver:
    """A command whose loop is run step by step."""

    loop: WatchLoop
    capture: pytest.CaptureFixture[str]

    @property
    def path(self) -> Path:
        return self.loop.file.path

    def begin(self) -> str:
        self.loop.begin()
        return self.finish()

    def save(self, answer: str | bytes) -> str:
        """Replace the answer in the file, or with bytes the whole file; return what is printed."""
        if isinstance(answer, str):
            former = self.path.read_text(encoding="utf-8", errors="replace") if self.path.is_file() else ""
            above = former.partition(MARKER)[0] if MARKER in former else ""
            answer = f"{above}{MARKER}\n{answer}\n".encode()
        self.path.write_bytes(answer)
        return self.finish()

    def press(self, keys: str) -> str:
        """Type keys one after the other; return what is printed."""
        for key in keys:
            self.loop.keys.add(key)
            self.finish_steps()
        return self.output()

    def finish(self) -> str:
        """Run the loop until it waits again; return what was printed."""
        self.finish_steps()
        return self.output()

    def finish_steps(self) -> None:
        for _ in range(POLLS):
            self.loop.step()
        while self.loop.runs.is_running:
            self.loop.step()

    def output(self) -> str:
        return self.capture.readouterr().out


def provider_with(sandbox: Sandbox, deck: Path) -> ServiceProvider:
    """Return services that use a sandbox which is not closed with them."""
    provider = ServiceProvider((str(deck),), trust=True)
    provider.__dict__["sandbox"] = sandbox
    return provider
