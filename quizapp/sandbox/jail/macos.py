"""The `sandbox-exec` profile for macOS. Untested on a Mac: see docs/sandbox.md."""

from __future__ import annotations

from pathlib import Path

from quizapp.sandbox.jail import readable_paths

SYSTEM = (
    "/usr/lib",
    "/usr/share",
    "/System",
    "/Library/Frameworks",
    "/private/var/db/dyld",
    "/private/var/db/timezone",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
DENY_BY_DEFAULT = """(version 1)
(deny default)
(allow process-exec* process-info* (target self))
(deny process-fork)
(allow signal (target self))
(allow sysctl-read)
(allow mach-lookup (global-name "com.apple.system.logger"))
(allow file-read-metadata)
"""


def profile(scratch: Path) -> str:
    """Return a profile: read the interpreter, packages and system; write the scratch folder; no network."""
    lines = [DENY_BY_DEFAULT]
    hidden = readable_paths.hidden()
    readables = [part for path in readable_paths.readable() for part in readable_paths.without(path, hidden)]
    lines += [f"(allow file-read* (subpath {quoted(path)}))" for path in (*SYSTEM, *readables)]
    lines += [f"(allow file-read* file-write-data (literal {quoted(path)}))" for path in DEVICES]
    lines.append(f"(allow file-read* file-write* (subpath {quoted(str(scratch))}))")
    lines.append(f"(allow process-exec (literal {quoted(str(Path(readable_paths.interpreter()).resolve()))}))")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Return `text` as a string literal of the profile language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
