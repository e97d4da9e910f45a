"""Runs commands as an unprivileged user, with interpreter and checkout made readable for that user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# In a new mount namespace: paths below a folder that only root may enter are mounted again under the same name.
SCRIPT = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
printf '%s' "$SHOWN" | while read -r path; do
    mkdir -p "/mnt$path"
    mount --bind "$path" "/mnt$path"
done
printf '%s' "$CLOSED" | while read -r path; do mount -t tmpfs -o mode=755 tmpfs "$path"; done
printf '%s' "$SHOWN" | while read -r path; do
    mkdir -p "$path"
    mount --move "/mnt$path" "$path"
done
umount -l /mnt
exec setpriv --reuid "$UID_" --regid "$UID_" --clear-groups "$@"
"""


PROCESS_ONE = ("--pid", "--fork", "--mount-proc", "--kill-child")
"""Options of `unshare(1)` that make its command process 1 of a PID namespace, as in a container."""


def run(
    arguments: Sequence[str],
    home: Path,
    environment: Mapping[str, str],
    seconds: float,
    namespaces: Sequence[str] = (),
) -> str:
    """Run Python with `arguments` as an unprivileged user whose home is `home`; return its stdout, assert success.

    `namespaces` are further options of `unshare(1)`, which are used only where the tests run as root.
    """
    # Options of the outer pytest, such as those for coverage, would write where that user may not.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    environment = {**inherited, **environment, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    if os.getuid() == 0:
        user = 20_000 + os.getpid() % 20_000
        for path in [home, *home.rglob("*")]:
            os.chown(path, user, user)
        closed = {path: folder for path in _required_paths() if (folder := _closed_above(path))}
        environment |= {"UID_": str(user), "CLOSED": _lines(set(closed.values())), "SHOWN": _lines(closed)}
        command = ["unshare", "-m", *namespaces, "sh", "-c", SCRIPT, "sh", *command]
    completed = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert completed.returncode == 0, completed.stdout[-6000:] + completed.stderr[-3000:]
    return completed.stdout


def is_possible() -> bool:
    """Return whether tests already run unprivileged, or have the tools to become another user."""
    return os.getuid() != 0 or all(shutil.which(tool) for tool in ("unshare", "setpriv", "mount"))


def _required_paths() -> list[Path]:
    """Return what the user must read: interpreter, virtual environment and checkout, none within another."""
    paths = {Path(path).resolve() for path in (sys.base_prefix, sys.prefix, ROOT)}
    return sorted(path for path in paths if not paths & set(path.parents))


def _closed_above(path: Path) -> Path | None:
    """Return the outermost folder above `path` that only root may enter."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


def _lines(paths: Iterable[Path]) -> str:
    return "".join(f"{path}\n" for path in paths)
