"""Captures what the code under test prints: forwarded immediately, and recorded for the checks."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any

from quizapp.sandbox.values.encoder import CapturedText


class Recorder(io.TextIOBase):
    """A text stream on a descriptor that also records what is written."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.parts: list[str] = []
        self.buffer = _ByteStream(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.parts.append(str(text))
        self.forward(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def forward(self, data: bytes) -> None:
        """Write to the descriptor, unless silenced (-1)."""
        while data and self.descriptor >= 0:
            data = data[os.write(self.descriptor, data) :]

    def fileno(self) -> int:
        return self.descriptor

    def writable(self) -> bool:
        return True

    @property
    def printed(self) -> CapturedText:
        """Everything written since the last reset."""
        return CapturedText("".join(self.parts))


class _ByteStream(io.RawIOBase):
    """The stream's `buffer`, for code that prints bytes."""

    def __init__(self, text: Recorder) -> None:
        self.text = text

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self.text.parts.append(raw.decode("utf-8", "replace"))
        self.text.forward(raw)
        return len(raw)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.text.descriptor


class Output:
    """Captured stdout, stderr and warnings of one run."""

    def __init__(self) -> None:
        self.out, self.err = Recorder(1), Recorder(2)
        self.warned: list[str] = []

    def install(self) -> None:
        """Replace the streams of `sys`, and report every warning."""
        sys.stdout = sys.__stdout__ = self.out  # type: ignore[assignment, misc]
        sys.stderr = sys.__stderr__ = self.err  # type: ignore[assignment, misc]
        # Repetitions count too, so no filter and no registry may suppress them.
        warnings.resetwarnings()
        warnings.simplefilter("always")
        warnings.showwarning = self._warn  # type: ignore[assignment]

    def _warn(self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any) -> None:
        self.warned.append(category.__name__)
        text = warnings.formatwarning(message, category, filename, lineno, "")
        # Displayed but not recorded in `stderr`, since its line numbers depend on the answer.
        self.err.forward(text.encode("utf-8", "backslashreplace"))

    def silence(self) -> None:
        """Record what is printed without forwarding it."""
        self.out.descriptor = self.err.descriptor = -1

    def reset(self) -> None:
        """Discard everything printed and warned so far."""
        self.out.parts.clear()
        self.err.parts.clear()
        self.warned.clear()
