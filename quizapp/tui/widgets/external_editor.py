"""The learner's external editor, run while the app is suspended."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from quizapp.errors import UsageError


def edit(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Open `text` in $VISUAL or $EDITOR and return the edited text. The app must be suspended.

    Raises UsageError if no editor is set, or if the editor cannot be started or fails.
    """
    command = environment.get("VISUAL") or environment.get("EDITOR")
    if not command:
        raise UsageError("no editor is set", "set EDITOR, for example `export EDITOR=nano`")
    with tempfile.TemporaryDirectory(prefix="ptquiz-") as folder:
        path = Path(folder, "answer.py")
        path.write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run([*shlex.split(command), str(path)], check=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"`{command}` could not be started: {error}", "set EDITOR to an installed program"
            ) from error
        if ended.returncode:
            raise UsageError(f"`{command}` exited with code {ended.returncode}; your answer is unchanged")
        return path.read_text(encoding="utf-8", errors="replace")
