"""Files that a user names: text with a mark or in another encoding; links, pipes and devices as targets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from quizapp.text.files import NotUtf8Error, decode_text, is_stream, replaced


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbf", ""),
        (b"\xef\xbb\xbfa\r\nb", "a\r\nb"),
        ("a\ufeffé".encode(), "a\ufeffé"),
        (b"a\0b and more text", "a\0b and more text"),
    ],
)
def test_utf8_is_decoded_without_its_mark(data: bytes, text: str) -> None:
    assert decode_text(data) == text


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        ("é\nab é".encode("latin-1"), "not UTF-8: the byte 0xE9", (1, 1)),
        (b"\xef\xbb\xbf" + "é\nab".encode() + b"\xff", "not UTF-8: the byte 0xFF", (2, 3)),
        (b"ab\xe4", "not UTF-8: the byte 0xE4", (1, 3)),
        ("format: 1".encode("utf-16"), "UTF-16, not UTF-8", (1, 1)),
        ("format: 1".encode("utf-16-le"), "UTF-16, not UTF-8", (1, 1)),
        ("format: 1".encode("utf-16-be"), "UTF-16, not UTF-8", (1, 1)),
        ("format: 1".encode("utf-32"), "UTF-32, not UTF-8", (1, 1)),
        ("format: 1".encode("utf-32-be"), "UTF-32, not UTF-8", (1, 1)),
        (bytes(1000), "a binary file, not text in UTF-8", (1, 1)),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "a binary file, not text in UTF-8", (1, 1)),
        (b"\xff\xfe" + bytes(9), "a binary file, not text in UTF-8", (1, 1)),
        (b"kind," + bytes(4), "a binary file, not text in UTF-8", (1, 1)),
        (
            b"\x89PNG\r\n\x1a\n and much more than a header of 64 bytes" + bytes(3),
            "a binary file, not text in UTF-8",
            (1, 1),
        ),
    ],
)
def test_another_encoding_is_refused_at_its_place(data: bytes, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(NotUtf8Error) as raised:
        decode_text(data)
    assert (raised.value.message, (raised.value.line, raised.value.column)) == (message, place)


def write(path: Path, text: str) -> None:
    with replaced(path) as partial:
        partial.write_text(text, encoding="utf-8")


def test_a_link_stays_and_its_file_is_replaced_with_the_same_permissions(tmp_path: Path) -> None:
    real, link, second = tmp_path / "dot" / "real", tmp_path / "link", tmp_path / "second"
    real.parent.mkdir()
    real.write_text("old", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to("dot/real")
    second.symlink_to(link)
    write(second, "new")
    assert (second.is_symlink(), link.is_symlink(), real.read_text(encoding="utf-8")) == (True, True, "new")
    assert real.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in real.parent.iterdir()) == ["real"]


def test_a_link_to_a_missing_file_creates_it(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    write(link, "new")
    assert link.is_symlink() and (tmp_path / "real").read_text(encoding="utf-8") == "new"


def test_a_link_to_itself_is_an_error(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(OSError, match="symbolic links"):
        write(link, "new")
    assert link.is_symlink()


def test_a_file_is_unchanged_after_an_exception(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replaced(path) as partial:
        partial.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [("file", "old")]


@pytest.mark.parametrize("named", [lambda pipe: pipe, lambda pipe: link_to(pipe)], ids=["pipe", "link"])
def test_a_pipe_is_written_to(named: Callable[[Path], Path], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write(named(pipe), "new")
    reader.join()
    assert (read, pipe.is_fifo()) == (["new"], True)


def link_to(path: Path) -> Path:
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def test_a_device_is_written_to() -> None:
    write(Path(os.devnull), "new")
    assert Path(os.devnull).is_char_device()


CODE = """
import sys
from pathlib import Path
from quizapp.text.files import replaced
with replaced(Path(sys.argv[1])) as partial:
    partial.write_text("new")
"""


@pytest.mark.parametrize(
    "name", [name for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1") if Path(name).exists()]
)
def test_standard_output_is_written_to_as_a_pipe_and_as_a_file(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, name]
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == b"new"
    file = tmp_path / "file"
    file.write_text("old ", encoding="utf-8")
    with file.open("ab") as out:
        subprocess.run(command, stdout=out, check=True)
    assert file.read_text(encoding="utf-8") == "old new"


def test_files_and_folders_are_no_streams(tmp_path: Path) -> None:
    assert not is_stream(tmp_path / "missing")
    assert not is_stream(tmp_path)
    assert is_stream(Path("/dev/stdout")) and is_stream(Path(os.devnull))


@pytest.mark.parametrize("name", [".", "folder"])
def test_a_folder_is_never_replaced(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError), replaced(Path(name)) as partial:
        partial.write_text("x")
