"""settings.toml: read by every command, and changed by the settings screen."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import strategies as st

from quizapp.errors import SettingsError
from quizapp.settings import Settings, read_settings
from quizapp.tui.screens.settings_file import format_value, parse_value, write_setting
from tests.hostile.fuzz.inputs import mutated, of_tokens
from tests.hostile.fuzz.scratch import scratch_file
from tests.hostile.fuzz.target import Target

KEYS = [field.name for field in fields(Settings)]
SEED = b"""# mine
decks = ["~/decks"]
language = "zh"
two_buttons = true
desired_retention = 0.85
deck_retention = {tensors = 0.95}
learning_steps = [1, 10]
day_starts = "03:30"
order = "random"
[keys]
"study.submit" = "f5"
"""
TOKENS = [
    *(f"\n{key} = ".encode() for key in KEYS),
    *(b"[[a]]\n", b"[keys]\n", b"a.b.c = 1\n", b"'''", b'"""', b"= ", b"{a = ", b"[", b"inf", b"1979-05-27", b"0x1"),
    *(b"true", b"\\uD800", b"25:00", b"\\", b"#", b"0.8", b"99999", b'"0.9"'),
]


def read(data: bytes) -> object:
    """Read the settings, show each as the screen does, and save one."""
    path = scratch_file("settings.toml", data)
    settings = read_settings(path)
    for key in KEYS:
        value = getattr(settings, key)
        parse_value(format_value(value), value)
    assert settings.day_offset is not None
    write_setting(path, "new_per_day", 11)
    return read_settings(path)


def read_as_field(data: bytes) -> object:
    """Read a text that was typed into a field of the screen."""
    text = data.decode("utf-8", "replace")
    return [parse_value(text, getattr(Settings(), key)) for key in KEYS]


def read_both(data: bytes) -> object:
    """Read the file, and the same bytes as the text of a field."""
    return read_as_field(data), read(data)


lines = st.lists(st.sampled_from(TOKENS), max_size=6).map(b"\n".join)
TARGET = Target(read_both, mutated([SEED], TOKENS) | of_tokens(TOKENS) | lines, (SettingsError,), examples=150)
