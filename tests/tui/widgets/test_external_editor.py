"""Whatever an external editor does with the file, it gives the edited answer or a message."""

from __future__ import annotations

import codecs
import os
import signal
from pathlib import Path

import pytest

from quizapp.errors import UsageError
from quizapp.tui.widgets.external_editor import edit


def editor(folder: Path, line: str) -> dict[str, str]:
    """Return an environment whose editor is a script of one line."""
    script = folder / "editor.sh"
    script.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    script.chmod(0o755)
    return {"EDITOR": str(script), "PATH": os.environ["PATH"]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("true", "answer = 1"),
        ("printf 'answer = 2' > \"$1\"", "answer = 2"),
        ('rm "$1"; printf \'answer = 2\' > "$1"', "answer = 2"),
        ("printf 'x = 1\\r\\nanswer = x\\r' > \"$1\"", "x = 1\nanswer = x\n"),
        ("printf '\\357\\273\\277answer = 2' > \"$1\"", "answer = 2"),
        ('printf \'answer = 2\' > "$1.new"; ln -sf "$1.new" "$1"', "answer = 2"),
        ("kill -INT $PPID", "answer = 1"),
    ],
    ids=["nothing", "written", "saved by renaming", "line ends", "byte order mark", "a link", "Ctrl+C"],
)
def test_the_saved_text_is_returned(line: str, expected: str, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    assert edit("answer = 1", editor(tmp_path, line)) == expected
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("exit 1", "exited with code 1"),
        ("kill -KILL $$", "was ended by signal 9"),
        ('rm "$1"', "deleted the file"),
        ('rm -r "$(dirname "$1")"', "deleted the file"),
        ('rm "$1"; mkdir "$1"', "left something that is not a file"),
        ('rm "$1"; mkfifo "$1"', "left something that is not a file"),
        ('rm "$1"; ln -s nowhere "$1"', "deleted the file"),
        ("printf 'caf\\351' > \"$1\"", "line 1, column 4: not UTF-8: the byte 0xE9"),
        ("printf '\\377\\376a\\0' > \"$1\"", "UTF-16, not UTF-8"),
        ("printf 'a\\0n\\0s\\0w\\0' > \"$1\"", "UTF-16, not UTF-8"),
        ('truncate -s 2M "$1"', "larger than 1 MiB"),
    ],
)
def test_an_editor_that_leaves_no_text_gives_a_message(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        edit("answer = 1", editor(tmp_path, line))
    assert message in raised.value.message
    assert raised.value.message.endswith("your answer is unchanged")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "no editor is set"),
        ({"VISUAL": " ", "EDITOR": ""}, "no editor is set"),
        ({"EDITOR": "/no/such/editor"}, "`/no/such/editor` could not be started"),
        ({"EDITOR": "nano 'x"}, "could not be started: No closing quotation"),
    ],
)
def test_a_missing_editor_gives_a_message_with_a_remedy(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        edit("answer = 1", environment)
    assert message in raised.value.message and "set EDITOR" in (raised.value.hint or "")


def test_the_editor_gets_the_answer_in_utf8_without_a_mark(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    edit("x = 'é'\n", editor(tmp_path, f'cp "$1" "{copy}"'))
    assert copy.read_bytes() == "x = 'é'\n".encode() and not copy.read_bytes().startswith(codecs.BOM_UTF8)
