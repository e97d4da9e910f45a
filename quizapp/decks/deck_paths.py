"""What is at a path where a deck or a folder of decks is expected. Nothing is opened: a pipe waits for a writer."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from quizapp.errors import Problem, UsageError
from quizapp.text.printable import one_line

MISSING = "no such file or folder"
NAME_A_DECK = "name a deck file or a folder of decks"

SPECIAL_FILES = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
"""Type of a file in `st_mode` -> what it is; see inode(7)."""


def find_fault(path: Path) -> str | None:
    """Return why there is neither a file nor a folder at `path`, or None if there is one. Links are followed."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return _reason(path, error)
    except ValueError:
        # A null character, as in a path of settings.toml.
        return MISSING
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return f"{SPECIAL_FILES.get(stat.S_IFMT(mode), 'a special file')}, not a file or folder"


def _reason(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"a link to `{one_line(str(path.readlink()))}`, which does not exist" if path.is_symlink() else MISSING
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


def is_regular(path: Path) -> bool:
    """Return whether there is a regular file at `path`; False if that cannot be found out."""
    try:
        return path.is_file()
    except OSError:
        return False


def require_path(path: Path) -> None:
    """Raise UsageError if `path` is neither a file nor a folder, or may not be read."""
    place = one_line(str(path))
    if fault := find_fault(path):
        raise UsageError(f"{place}: {fault}", NAME_A_DECK)
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise UsageError(f"{place}: cannot be read: permission denied", "change its permissions, or name another path")


def unusable_path(path: Path, fault: str) -> Problem:
    """Return the error of a named path with a fault."""
    kind = "missing-file" if fault == MISSING else "not-a-file"
    return Problem(str(path), 0, 0, fault, NAME_A_DECK, kind)


def skipped_entry(path: Path, fault: str) -> Problem:
    """Return the warning about an entry of a folder that has the name of a deck and is no file."""
    hint = "fix or remove it, or give it a name that does not end in `.yaml` or `.yml`"
    return Problem(str(path), 0, 0, fault, hint, "not-a-file", None, "warning")


def skipped_folder(path: Path, error: OSError) -> Problem:
    """Return the warning about a folder in a folder of decks that cannot be listed."""
    message = f"a folder that cannot be read: {(error.strerror or str(error)).lower()}"
    return Problem(str(path), 0, 0, message, "change its permissions", "unreadable-folder", None, "warning")


def linked_folder(path: Path) -> Problem:
    """Return the warning about a link to a folder in a folder of decks."""
    hint = "to read its decks, name the folder itself with `--decks` or in the settings"
    return Problem(str(path), 0, 0, "a link to a folder, which is not followed", hint, "linked-folder", None, "warning")
