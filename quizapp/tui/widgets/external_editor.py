"""The learner's external editor, run while the app is suspended."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from quizapp.errors import UsageError
from quizapp.text.files import NotUtf8Error, decode_text

MAX_BYTES = 1 << 20
"""Bytes of the largest file that is taken as an answer."""

UNCHANGED = "your answer is unchanged"


def edit(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Open `text` in $VISUAL or $EDITOR and return the edited text. The app must be suspended.

    Raises UsageError if no editor is set, if it cannot be started or fails, or if it leaves no text in UTF-8.
    """
    command = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip()
    if not command:
        raise UsageError("no editor is set", "set EDITOR, for example `export EDITOR=nano`")
    with tempfile.TemporaryDirectory(prefix="ptquiz-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "answer.py")
        try:
            path.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise UsageError(f"the answer cannot be written for the editor: {error}") from error
        _run(command, path)
        return _read(path)


def _run(command: str, path: Path) -> None:
    try:
        with _interrupts_ignored():
            code = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise UsageError(f"`{command}` could not be started: {error}", "set EDITOR to an installed program") from error
    if code:
        ended = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
        raise UsageError(f"the editor {ended}; {UNCHANGED}")


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Leave Ctrl+C to the editor, which gets the signal too: the app would quit."""
    # A function, not SIG_IGN: execve(2) would keep ignored signals ignored in the editor.
    former = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _read(path: Path) -> str:
    """Return the text that the editor left at `path`."""
    if not path.is_file():
        left = "left something that is not a file" if path.exists() else "deleted the file"
        raise UsageError(f"the editor {left}; {UNCHANGED}")
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
        text = None if data is None else decode_text(data)
    except OSError as error:
        raise UsageError(f"the editor left a file that cannot be read: {error.strerror}; {UNCHANGED}") from error
    except NotUtf8Error as error:
        raise UsageError(f"the editor saved another encoding ({error}); {UNCHANGED}", "save it as UTF-8") from error
    if text is None:
        raise UsageError(f"the editor left a file larger than 1 MiB; {UNCHANGED}")
    return text.replace("\r\n", "\n").replace("\r", "\n")
