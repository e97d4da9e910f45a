"""Removes what is not the learner's from printed tracebacks: frames of ptquiz, and the path of the scratch folder."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[1])
_PACKAGE = re.escape(PACKAGE)

# With `-c`, the outermost frame is `<string>`; so is that of the learner's `exec`, which is not beside `boot.py`.
# Repetitions are bounded, because an answer prints what it likes.
_BOOT_FIRST = re.compile(
    r'^ *File "<string>", line 1, in <module>\n(?:    [^\n]*\n){0,20}'
    rf'(?= *File "{_PACKAGE}/sandbox/worker/boot\.py")',
    re.M,
)
_BOOT_LAST = re.compile(
    rf'^ *File "{_PACKAGE}/sandbox/worker/boot\.py", line \d+ in main\n *File "<string>", line 1 in <module>\n?', re.M
)
# A frame, with the lines below it that are indented further: its source and the markers of `traceback`. In the
# traceback of an exception group, bars are part of the indent.
_FRAME = re.compile(
    rf'^(?P<indent>[ |]*)File "{_PACKAGE}/[^"\n]*", line \d+,? in [^\n]*(?:\n(?P=indent)  [^\n]*)*\n?', re.M
)
_WARNING_PLACE = re.compile(rf"{_PACKAGE}/[^\s:\"']{{0,300}}:\d+: ")


def hide_own_frames(text: str) -> str:
    """Return printed text without the frames of ptquiz in tracebacks, and without its files as places of warnings."""
    if PACKAGE not in text:
        return text
    for pattern in (_BOOT_FIRST, _BOOT_LAST, _FRAME, _WARNING_PLACE):
        text = pattern.sub("", text)
    return text


def hide_folders(text: str, *folders: str) -> str:
    """Return printed text in which tracebacks name files in the folders relative to them."""
    for folder in folders:
        text = text.replace(f'File "{folder}/', 'File "')
    return text
