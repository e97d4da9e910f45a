"""Reads the answer that a file or standard input contains."""

from __future__ import annotations

from pathlib import Path

from quizapp.errors import UsageError
from quizapp.text.files import NotUtf8Error, decode_text
from quizapp.text.streams import read_bytes

MAX_ANSWER_BYTES = 1 << 20


def read_answer(file: str) -> str:
    """Return the text of an answer. Raise UsageError if it cannot be read."""
    try:
        data = read_bytes(MAX_ANSWER_BYTES + 1) if file == "-" else _bytes(Path(file))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name the file with the answer, or `-`") from error
    if len(data) > MAX_ANSWER_BYTES:
        raise UsageError(f"{file}: larger than 1 MiB", "an answer is a few lines of code")
    try:
        return decode_text(data).replace("\r\n", "\n")
    except NotUtf8Error as error:
        raise UsageError(f"{file}:{error.line}:{error.column}: {error.message}", "save the answer as UTF-8") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_ANSWER_BYTES + 1)
