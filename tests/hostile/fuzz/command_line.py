"""Arguments of the command line, without a sandbox."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import click
from hypothesis import strategies as st

from quizapp.cli import COMMANDS, main, ptquiz
from quizapp.decks import library
from quizapp.errors import Exit, SandboxError
from quizapp.sandbox.client import Sandbox
from tests.hostile.fuzz.scratch import new_folder
from tests.hostile.fuzz.target import Target

DECK = b"format: 1\ndeck: d\ncards:\n- {id: a, question: q, solution: x = 1, checks: [x]}\n"
NUL = b"\0"
OUTSIDE = (b"/", b"~", b"..")
"""Parts of paths that could name a file outside the folder of one input."""

CODES = {*Exit, 130}


def read(data: bytes) -> object:
    """Run the arguments, separated by NUL bytes, in a folder with a deck; only an exit code of ptquiz may result."""
    if any(part in data for part in OUTSIDE):
        return None
    with _isolated() as (out, err):
        try:
            main([os.fsdecode(argument) for argument in data.split(NUL)])
        except SystemExit as ended:
            assert ended.code in CODES
        text = err.getvalue().decode()
        assert "Traceback" not in text
        return out.getvalue(), text


@contextmanager
def _isolated() -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Redirect the standard streams, the folders of ptquiz and the current folder; let no sandbox start."""
    out, err = io.BytesIO(), io.BytesIO()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(new_folder()))
        (folder / "d.yaml").write_bytes(DECK)
        stack.enter_context(chdir(folder))
        stack.enter_context(patch.dict(os.environ, {"PTQUIZ_HOME": str(folder / "home"), "HOME": str(folder)}))
        for name, raw in (("stdin", io.BytesIO(b"x = 1\n")), ("stdout", out), ("stderr", err)):
            stack.enter_context(patch.object(sys, name, io.TextIOWrapper(raw, encoding="utf-8")))
        stack.enter_context(patch.object(Sandbox, "start", _refuse))
        # The shipped decks take more than a second.
        stack.enter_context(patch.object(library, "shipped", lambda: folder))
        yield out, err


def _refuse(sandbox: Sandbox) -> NoReturn:
    raise SandboxError("no sandbox here")


def _options() -> Iterator[str]:
    context = click.Context(ptquiz)
    for name in COMMANDS:
        command = ptquiz.get_command(context, name)
        assert command is not None
        yield from (option for parameter in command.params for option in parameter.opts if option.startswith("-"))


# `watch` does not end.
NAMES = sorted(COMMANDS.keys() - {"watch"})
WORDS = [
    *("d.yaml", "d", "home", ".", "-", "--", "", "json", "csv", "1", "-1", "99999999999999999999"),
    *("1e9", "nan", "é中", "\udcff", "\x1b[31m", "a" * 300, "x.csv", "2026-03-02", "a\nb", "[red]", "%s", "{}", "*"),
]
words = st.sampled_from([*NAMES, *WORDS]) | st.sampled_from(sorted(set(_options()))) | st.text(max_size=5)


def _joined(command: str, arguments: list[str]) -> bytes:
    return NUL.join(os.fsencode(text) for text in (command, *arguments))


arguments = st.builds(_joined, st.sampled_from([*NAMES, "--decks"]), st.lists(words, max_size=5))
TARGET = Target(read, arguments, examples=80)
