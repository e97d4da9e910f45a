"""What the code under test prints: sent on at once, and remembered for the checks."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any

from quizapp.sandbox.values.encoder import CapturedText


class Recorder(io.TextIOBase):
    """A text stream on a descriptor that also keeps what was written."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.parts: list[str] = []
        self.buffer = _Bytes(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.parts.append(str(text))
        self.send(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def send(self, data: bytes) -> None:
        while data and self.descriptor >= 0:
            data = data[os.write(self.descriptor, data) :]

    def fileno(self) -> int:
        return self.descriptor

    def writable(self) -> bool:
        return True

    @property
    def printed(self) -> CapturedText:
        return CapturedText("".join(self.parts))


class _Bytes(io.RawIOBase):
    """The stream's `buffer`, for those who print bytes."""

    def __init__(self, text: Recorder) -> None:
        self.text = text

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self.text.parts.append(raw.decode("utf-8", "replace"))
        self.text.send(raw)
        return len(raw)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.text.descriptor


class Output:
    """Standard output, standard error and warnings of one run."""

    def __init__(self) -> None:
        self.out, self.err = Recorder(1), Recorder(2)
        self.warned: list[str] = []

    def install(self) -> None:
        sys.stdout = sys.__stdout__ = self.out  # type: ignore[assignment, misc]
        sys.stderr = sys.__stderr__ = self.err  # type: ignore[assignment, misc]
        # Every repetition counts, so no filter and no registry may swallow one.
        warnings.resetwarnings()
        warnings.simplefilter("always")
        warnings.showwarning = self._warn  # type: ignore[assignment]

    def _warn(self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any) -> None:
        self.warned.append(category.__name__)
        text = warnings.formatwarning(message, category, filename, lineno, "")
        # Shown, but no part of `stderr`: its line numbers are those of one answer.
        self.err.send(text.encode("utf-8", "backslashreplace"))

    def silence(self) -> None:
        """Remember what is printed, and send it nowhere."""
        self.out.descriptor = self.err.descriptor = -1

    def begin(self) -> None:
        """The code begins: what was printed and warned until now does not count."""
        self.out.parts.clear()
        self.err.parts.clear()
        self.warned.clear()
