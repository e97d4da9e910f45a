"""Reading and replacing the files that a user names, which may be links, pipes or devices, or in another encoding."""

from __future__ import annotations

import codecs
import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""Byte order marks of other encodings; that of UTF-32 begins with that of UTF-16."""

HEAD = 64
"""Bytes in which zeros are counted: ASCII text in UTF-16 is zero in every second byte."""

OPEN_FILES = re.compile(r"/proc/.*|/dev|/dev/fd")
"""Folders of names for open files, such as /proc/self/fd/1; /dev/stdout is a link to one."""

MAX_LINKS = 40
"""Links that path_resolution(7) follows."""


class NotUtf8Error(Exception):
    """Bytes that are not text in UTF-8; the position of the first counts from 1, in characters."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column


def decode_text(data: bytes) -> str:
    """Return UTF-8 text without its byte order mark, line ends unchanged. Raises NotUtf8Error."""
    if other := _other_encoding(data):
        raise NotUtf8Error(f"{other}, not UTF-8", 1, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The position in `error` does not count the byte order mark.
        content = data.removeprefix(codecs.BOM_UTF8)
        before = content[: error.start].decode("utf-8").split("\n")
        message = f"not UTF-8: the byte 0x{content[error.start]:02X}"
        raise NotUtf8Error(message, len(before), len(before[-1]) + 1) from error


def _other_encoding(data: bytes) -> str | None:
    """Return the name of another Unicode encoding, recognised by its mark or by its zeros; else None."""
    for mark, name in OTHER_MARKS:
        if data.startswith(mark):
            return name
    zeros = data[:HEAD].count(0)
    if 4 * zeros < len(data[:HEAD]) or not zeros:
        return None
    return "UTF-32" if 8 * zeros > 5 * len(data[:HEAD]) else "UTF-16"


def is_stream(path: Path) -> bool:
    """Return whether `path` leads to a pipe, a device or an open file, which is written to and never replaced."""
    target = _followed(path)
    return target.exists() and not target.is_dir() and (_names_open_file(target) or not target.is_file())


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield the path of a file to write; at the end of the block, its content becomes that of `path`.

    Links are followed. A file is replaced in one step and keeps its permissions; after an exception it is unchanged. To
    a pipe or a device, the content is written. Raises OSError.
    """
    if is_stream(path):
        with TemporaryDirectory(prefix="ptquiz-") as folder:
            partial = Path(folder, "content")
            yield partial
            _write_into(path, partial)
        return
    target = _followed(path)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield partial
        if target.is_file():
            shutil.copymode(target, partial)
        # rename(2) is atomic: a crash or a full disk leaves the old file or the new one.
        partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink()


def _followed(path: Path) -> Path:
    """Return the file that a link leads to; the name of an open file, which may have no other, is not followed."""
    for _ in range(MAX_LINKS):
        if not path.is_symlink() or _names_open_file(path):
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _names_open_file(path: Path) -> bool:
    return OPEN_FILES.fullmatch(os.path.realpath(path.parent)) is not None


def _write_into(path: Path, content: Path) -> None:
    # Appended, as by the shell's redirection that opened /dev/stdout; pipes and devices ignore that.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    with content.open("rb") as source, os.fdopen(descriptor, "wb") as out:
        shutil.copyfileobj(source, out)
