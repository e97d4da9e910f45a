"""Commands as a user who is not root, wherever the tests are; the interpreter is put within that user's reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# In a mount namespace of its own: what lies in a folder that only root may enter is shown again under the same name.
SCRIPT = """
set -e
mount --make-rprivate /
if [ -n "$CLOSED" ]; then
    mount --bind "$INNER" /mnt
    mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
    mkdir -p "$INNER"
    mount --move /mnt "$INNER"
fi
exec setpriv --reuid "$UID_" --regid "$UID_" --clear-groups "$@"
"""


def run(arguments: Sequence[str], home: Path, environment: Mapping[str, str], seconds: float) -> str:
    """Python with `arguments` as an ordinary user whose home is `home`; what it printed. Fails as it fails."""
    environment = {**os.environ, **environment, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    if os.getuid() == 0:
        user = 20_000 + os.getpid() % 20_000
        for path in [home, *home.rglob("*")]:
            os.chown(path, user, user)
        closed, inner = _closed()
        environment |= {"UID_": str(user), "CLOSED": closed, "INNER": inner}
        command = ["unshare", "-m", "sh", "-c", SCRIPT, "sh", *command]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def possible() -> bool:
    """Whether such a user is to be had: we are one, or have the tools to become one."""
    return os.getuid() != 0 or all(shutil.which(tool) for tool in ("unshare", "setpriv", "mount"))


def _closed() -> tuple[str, str]:
    """The outermost folder above the interpreter that only root may enter, and the one in it that must be shown."""
    prefix = Path(sys.base_prefix).resolve()
    for folder in reversed(prefix.parents):
        if not folder.stat().st_mode & 0o001:
            return str(folder), str(folder / prefix.relative_to(folder).parts[0])
    return "", ""
