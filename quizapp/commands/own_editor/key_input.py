"""Single keys from the terminal, and the signals that end a command which reads them."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
import tty
from codecs import getincrementaldecoder
from collections import deque
from types import FrameType
from typing import Any

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
"""What a terminal sends for a key without a character, or for a character with Alt."""

MAX_TYPED = 3
"""Characters that are read at once when keys are typed; more are pasted text, and no keys."""

MAX_READ = 4096
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
QUIT, END_OF_FILE = "q", "\x04"


class KeyInput:
    """Keys of the terminal, which is in cbreak mode (`termios(3)`) within the context; without one, signals only."""

    def __init__(self) -> None:
        self.has_keys = _is_foreground_terminal()
        self.is_stopped = False
        """Whether the key to quit, a signal or the end of the terminal asked to end the command."""

        self.has_continued = False
        """Whether the process was stopped, so that the shell has written to the terminal; reset by the caller."""

        self._pending: deque[str] = deque()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._saved: list[Any] = []
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> KeyInput:
        for number in STOP_SIGNALS:
            self._handlers[number] = signal.signal(number, self._stop)
        if self.has_keys:
            self._saved = termios.tcgetattr(sys.stdin)
            self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
            tty.setcbreak(sys.stdin, termios.TCSANOW)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> None:
        """Wait at most `seconds` for keys, and store those that were typed; the one to quit takes effect at once."""
        descriptors = [sys.stdin] if self.has_keys else []
        if not select.select(descriptors, [], [], seconds)[0]:
            return
        try:
            data = os.read(sys.stdin.fileno(), MAX_READ)
        except OSError:
            # A terminal that was closed gives EIO, or no bytes.
            data = b""
        if not data:
            self.is_stopped = True
            return
        self.add(self._decode(data))

    def add(self, text: str) -> None:
        """Store the keys of `text`, which the terminal sent at once."""
        typed = SEQUENCE.sub("", text).replace(END_OF_FILE, QUIT)
        if len(typed) <= MAX_TYPED:
            self._pending.extend(typed.lower())
            self.is_stopped |= QUIT in self._pending

    def take(self) -> str:
        """Return the next key that was typed; empty if there is none."""
        return self._pending.popleft() if self._pending else ""

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.is_stopped:
            # The first signal did not end the command.
            raise KeyboardInterrupt
        self.is_stopped = True

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Leave the terminal to the shell until the process continues: Ctrl+Z."""
        self._restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        tty.setcbreak(sys.stdin, termios.TCSANOW)
        self.has_continued = True

    def _restore(self) -> None:
        if self._saved:
            try:
                termios.tcsetattr(sys.stdin, termios.TCSANOW, self._saved)
            except termios.error:
                # The terminal was closed.
                self.is_stopped = True


def _is_foreground_terminal() -> bool:
    """Return whether keys can be read: the kernel stops a background process that changes the terminal."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return False
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return False
