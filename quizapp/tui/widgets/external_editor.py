"""The learner's own editor, for as long as the app is suspended."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from quizapp.errors import UsageError


def edit(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """`text` as it came back from $VISUAL or $EDITOR. Raises UsageError; the terminal must be free."""
    command = environment.get("VISUAL") or environment.get("EDITOR")
    if not command:
        raise UsageError("no editor is named", "set EDITOR, such as `export EDITOR=nano`")
    with tempfile.TemporaryDirectory(prefix="ptquiz-") as folder:
        path = Path(folder, "answer.py")
        path.write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run([*shlex.split(command), str(path)], check=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"`{command}` could not be started: {error}", "set EDITOR to a program that is there"
            ) from error
        if ended.returncode:
            raise UsageError(f"`{command}` ended with {ended.returncode}; your answer stays as it was")
        return path.read_text(encoding="utf-8", errors="replace")
