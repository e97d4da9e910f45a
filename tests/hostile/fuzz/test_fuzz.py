"""Each target reads a bounded number of inputs, the same each time; `python -m tests.hostile.fuzz` reads more."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.hostile.fuzz.runner import explore
from tests.hostile.fuzz.target import NAMES, load

pytestmark = [pytest.mark.slow, pytest.mark.torch]


@pytest.mark.parametrize("name", NAMES)
def test_any_bytes_give_a_value_or_a_documented_error(name: str) -> None:
    target = load(name)
    explore(target, target, settings(max_examples=target.examples, derandomize=True))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("settings_file", b"a = " + b"9" * 5000),
        ("settings_file", b"a = " + b"[" * 30_000),
        ("terminal_input", b"\x1b[57358;1:3u"),
        ("terminal_input", b"\x1b[1114112u"),
        ("terminal_input", b"\x1b[48;0;0;0;0t\x1b[<0;10;5M"),
        ("command_line", b"backup\0" + b"a" * 300),
        ("command_line", b"export\0."),
        ("deck_file", rb"{\u0000"),
        ("command_line", b"check\0" + b"a" * 300),
        ("answers", b'"' * 60_000),
    ],
    ids=[
        *("digits", "nesting", "a released key", "no character", "no size"),
        *("a long name", "a folder", "an escape at the end", "a long deck", "a long order"),
    ],
)
def test_former_faults_are_fixed(name: str, data: bytes) -> None:
    load(name)(data)
