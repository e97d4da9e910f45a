"""The file to which unexpected exceptions are written, so that a bug can be reported although the program goes on."""

from __future__ import annotations

import hashlib
import os
import platform
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quizapp.errors import PtquizError
from quizapp.text.printable import one_line, visible

MAX_BYTES = 1 << 19
"""Bytes of the file, and of the older one that is kept beside it."""

MAX_TRACE = 20_000
"""Characters of one traceback: a recursion may repeat a thousand frames, and a message may quote an answer."""

MIN_QUOTE = 8
"""Characters of an answer that is removed from tracebacks; a shorter one may be part of any text."""

START = "error at "
"""Beginning of an entry; all its other lines are indented."""


@dataclass(frozen=True, slots=True)
class ErrorLog:
    """The file of unexpected exceptions, which only its owner can read. No answer is written to it in full."""

    path: Path
    clock: Callable[[], datetime]

    def add(self, error: BaseException, operation: str, answer: str | None = None) -> str:
        """Write an exception with its traceback; return one line that names the file, or why it cannot be written."""
        name = type(error).__name__
        lines = [START + self.clock().isoformat(timespec="seconds"), *_facts(operation, answer)]
        entry = "\n  ".join([*lines, *_trace(error, answer or "").splitlines()])
        try:
            self._append(f"{entry}\n".encode(errors="backslashreplace"))
        except OSError as failure:
            return f"this is a bug in ptquiz: {name}, which cannot be written to {self.path}: {failure.strerror}"
        return f"this is a bug in ptquiz: {name} was written to {self.path}; please report it with this file"

    @contextmanager
    def reported(self, operation: str, show: Callable[[str], object], answer: str | None = None) -> Iterator[None]:
        """Write an unexpected exception of the block to the file and pass its line to `show`; the caller goes on."""
        try:
            yield
        except PtquizError:
            raise
        except Exception as error:
            show(self.add(error, operation, answer))

    def count(self) -> int | None:
        """Return the number of entries in the file; None if there is no file that can be read."""
        try:
            return sum(line.startswith(START.encode()) for line in self.path.read_bytes().splitlines())
        except OSError:
            return None

    def _append(self, entry: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.is_file() and self.path.stat().st_size + len(entry) > MAX_BYTES:
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        # Without O_NONBLOCK, opening a FIFO waits for its reader.
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(entry)


def _facts(operation: str, answer: str | None) -> Iterator[str]:
    """Yield what is needed to reproduce the error."""
    yield f"during: {one_line(operation)}"
    versions = ", ".join(f"{name} {_version(name)}" for name in ("ptquiz", "torch"))
    yield f"versions: {versions}, Python {platform.python_version()}, {platform.platform()}"
    if answer is not None:
        digest = hashlib.sha256(answer.encode(errors="surrogatepass")).hexdigest()
        yield f"answer: {len(answer)} characters, SHA-256 {digest}"


def _version(name: str) -> str:
    """Return the version of a package, which is not imported."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _chain(summary: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    yield summary
    for part in (summary.__cause__, summary.__context__):
        if part is not None:
            yield from _chain(part)


def _trace(error: BaseException, answer: str) -> str:
    """Return the traceback without the answer, and without its middle if it is long."""
    summary = traceback.TracebackException.from_exception(error)
    for part in _chain(summary):
        # The line of a SyntaxError is a line of the answer.
        part.text = ""
    text = "".join(summary.format())
    if len(answer.strip()) >= MIN_QUOTE:
        # The message of a KeyError is the `repr` of the key.
        for quote in (answer.strip(), repr(answer.strip())[1:-1]):
            text = text.replace(quote, "<the answer>")
    if len(text) > MAX_TRACE:
        text = f"{text[: MAX_TRACE // 2]}\n…\n{text[-MAX_TRACE // 2 :]}"
    return visible(text)
