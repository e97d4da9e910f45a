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

OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""(byte order mark, codec); the mark of UTF-32 begins with that of UTF-16."""

HEAD = 64
"""Bytes in which zeros are counted: ASCII text in UTF-16 is zero in every second byte."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""Control characters that text does not contain; tabs and line ends are not among them."""

BINARY = "a binary file, not text in UTF-8"

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
    if fault := _find_fault(data[:HEAD]):
        raise NotUtf8Error(fault, 1, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if 0 in data:
            raise NotUtf8Error(BINARY, 1, 1) from error
        # The position in `error` does not count the byte order mark.
        content = data.removeprefix(codecs.BOM_UTF8)
        before = content[: error.start].decode("utf-8").split("\n")
        message = f"not UTF-8: the byte 0x{content[error.start]:02X}"
        raise NotUtf8Error(message, len(before), len(before[-1]) + 1) from error


def _find_fault(head: bytes) -> str | None:
    """Return why the first bytes of a file show that it is not UTF-8: a mark, or many zeros; else None."""
    is_marked = head.startswith(tuple(mark for mark, _ in OTHER_ENCODINGS))
    if not is_marked and (0 not in head or 4 * head.count(0) < len(head)):
        return None
    for mark, codec in OTHER_ENCODINGS:
        if head.startswith(mark if is_marked else b"") and _is_text(head, codec):
            return f"{codec[:6].upper()}, not UTF-8"
    return BINARY


def _is_text(head: bytes, codec: str) -> bool:
    # An incremental decoder accepts that the last character is cut.
    try:
        text = codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return False
    return CONTROLS.search(text) is None


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
