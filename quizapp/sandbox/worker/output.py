"""Captures what the code under test prints: forwarded immediately, and recorded for the checks."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

from quizapp.sandbox.own_frames import PACKAGE, hide_folders, hide_own_frames
from quizapp.sandbox.values.encoder import CapturedText
from quizapp.sandbox.worker.code_files import is_code_of_run

ENCODING, ERRORS = "utf-8", "backslashreplace"


class ByteRecorder(io.BufferedIOBase):
    """The `buffer` of a standard stream: writes to a descriptor, unless that is -1, and records what is written."""

    mode = "wb"

    def __init__(self, descriptor: int, name: str) -> None:
        self.descriptor = descriptor
        self.name = name
        self.parts: list[bytes] = []

    def write(self, data: Any) -> int:
        raw = bytes(memoryview(data))
        self.forward(raw)
        self.parts.append(raw)
        return len(raw)

    def forward(self, data: bytes) -> None:
        """Write to the descriptor without recording."""
        while data and self.descriptor >= 0:
            data = data[os.write(self.descriptor, data) :]

    def fileno(self) -> int:
        return self.descriptor

    def writable(self) -> bool:
        return True

    def detach(self) -> ByteRecorder:  # type: ignore[override]
        """Return this stream, which has no buffer."""
        return self

    @property
    def raw(self) -> ByteRecorder:
        """This stream, which has no buffer."""
        return self

    def close(self) -> None:
        """Stay open: a wrapper that is garbage-collected would close the stream for all others."""

    def text_stream(self, line_buffering: bool) -> io.TextIOWrapper:
        """Return a new text stream that writes here immediately."""
        stream = io.TextIOWrapper(self, ENCODING, ERRORS, "\n", line_buffering, write_through=True)
        stream.mode = "w"  # type: ignore[misc]
        return stream


class Output:
    """Captured stdout, stderr and warnings of one run, with its folder for files and its namespace."""

    def __init__(self, folder: str, names: Mapping[str, Any]) -> None:
        self.folder = folder
        self.names = names
        self.out, self.err = ByteRecorder(1, "<stdout>"), ByteRecorder(2, "<stderr>")
        self.warned: list[str] = []
        self._shown_warnings: set[str] = set()

    def install(self) -> None:
        """Replace the streams of `sys`, and report every warning."""
        sys.stdout = sys.__stdout__ = self.out.text_stream(line_buffering=False)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = self.err.text_stream(line_buffering=True)  # type: ignore[misc]
        # Repetitions count too, so no filter and no registry may suppress them.
        warnings.resetwarnings()
        warnings.simplefilter("always")
        warnings.showwarning = self._warn  # type: ignore[assignment]

    def flush(self) -> None:
        """Flush the streams of `sys` and the global names that write to them, as the end of a program does.

        Raises what the `flush` of a stream raises, which may be the learner's.
        """
        wrappers = [value for value in list(self.names.values()) if _is_wrapper(value) and self._recorder(value)]
        current = (getattr(sys, name, None) for name in ("stdout", "stderr", "__stdout__", "__stderr__"))
        for stream in (*wrappers, *current):
            if not _is_closed(stream) and (flush := getattr(stream, "flush", None)):
                flush()

    def printed(self) -> tuple[CapturedText, CapturedText]:
        """Return everything written to stdout and stderr since the last reset."""
        out, err = (b"".join(recorder.parts).decode(ENCODING, "replace") for recorder in (self.out, self.err))
        return self._captured(out), self._captured(err)

    def silence(self) -> None:
        """Record what is printed without forwarding it."""
        self.out.descriptor = self.err.descriptor = -1

    @contextlib.contextmanager
    def silenced(self) -> Iterator[None]:
        """Forward nothing that Python code prints while the context is active."""
        descriptors = self.out.descriptor, self.err.descriptor
        self.silence()
        try:
            yield
        finally:
            self.out.descriptor, self.err.descriptor = descriptors

    def reset(self) -> None:
        """Discard everything printed and warned so far."""
        self.out.parts.clear()
        self.err.parts.clear()
        self.warned.clear()
        self._shown_warnings.clear()

    def _captured(self, text: str) -> CapturedText:
        return CapturedText(hide_folders(hide_own_frames(text), self.folder))

    def _recorder(self, stream: object) -> ByteRecorder | None:
        """Return the recorder to which a chain of io's own wrappers writes, or None."""
        while _is_wrapper(stream):
            stream = getattr(stream, "buffer" if type(stream) is io.TextIOWrapper else "raw", None)
        return stream if stream is self.out or stream is self.err else None

    def _warn(self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any) -> None:
        place = self._place(filename, lineno, sys._getframe(1))
        if place is None:
            return
        self.warned.append(category.__name__)
        text = warnings.formatwarning(message, category, *place, "")
        if text not in self._shown_warnings:
            # Once, as Python's default filter does: in a loop, they could exceed the limit of the output.
            self._shown_warnings.add(text)
            self._show_warning(text)

    def _show_warning(self, text: str) -> None:
        stream: Any = getattr(sys, "stderr", None)
        if recorder := self._recorder(stream):
            # Displayed but not recorded in `stderr`, since its line numbers depend on the answer.
            recorder.forward(text.encode(ENCODING, ERRORS))
        elif stream is not None:
            with contextlib.suppress(OSError):
                stream.write(text)

    def _place(self, filename: str, line: int, frame: FrameType | None) -> tuple[str, int] | None:
        """Return file and line of a warning: the innermost of the run's own; None if ptquiz itself has caused it."""
        if is_code_of_run(filename):
            return filename, line
        if filename.startswith(f"{self.folder}/"):
            return filename.removeprefix(f"{self.folder}/"), line
        is_own = False
        while frame is not None:
            if is_code_of_run(frame.f_code.co_filename):
                return frame.f_code.co_filename, frame.f_lineno
            is_own = is_own or frame.f_code.co_filename.startswith(f"{PACKAGE}/")
            frame = frame.f_back
        return None if is_own else (filename, line)


def _is_wrapper(stream: object) -> bool:
    """Return whether this is one of io's own streams over another, of which no class can override a method."""
    return type(stream) in (io.TextIOWrapper, io.BufferedWriter)


def _is_closed(stream: object) -> bool:
    """Return whether a stream is closed, or was detached from its buffer."""
    if type(stream) is io.TextIOWrapper and getattr(stream, "buffer", None) is None:
        return True
    return getattr(stream, "closed", False) is True
