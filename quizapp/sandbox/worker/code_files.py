"""The file names under which the parts of a run are compiled, as tracebacks and warnings show them."""

from __future__ import annotations

ANSWER = "<answer>"
PREAMBLE = "<preamble>"
GIVEN = "<given>"
_CHECK = "<check "
_HISTORY = "<line "


def check_file(number: int) -> str:
    """Return the file name of a check, which is counted from 0."""
    return f"{_CHECK}{number + 1}>"


def history_file(number: int) -> str:
    """Return the file name of a block of the history, which is counted from 0."""
    return f"{_HISTORY}{number + 1}>"


def is_code_of_run(filename: str) -> bool:
    """Return whether the file is a part of the run, and not of ptquiz or a library."""
    return filename in (ANSWER, PREAMBLE, GIVEN) or filename.startswith((_CHECK, _HISTORY))
