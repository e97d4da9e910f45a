"""From the keys of normal and visual mode to a command. Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.tui.widgets.vim.motions import MOTIONS
from quizapp.tui.widgets.vim.text_objects import OBJECTS

OPERATORS = ("d", "c", "y", ">", "<", "=", "gu", "gU", "g~")
MAX_COUNT = 9999
WITH_CHARACTER = frozenset("fFtTrm`'")
"""Keys that are followed by any character."""

ACTIONS = frozenset(
    (
        *"iIaAoOpPJ~u.:vVrm",
        *("gJ", "gv", "zt", "zz", "zb", "ZZ", "ZQ"),
        *("ctrl+r", "ctrl+d", "ctrl+u", "ctrl+f", "ctrl+b", "ctrl+e", "ctrl+y"),
    )
)
VISUAL_ACTIONS = (ACTIONS - set("iIaA.")) | set("oOuU")
SHORTHANDS = {"x": "dl", "X": "dh", "D": "d$", "C": "c$", "s": "cl", "S": "cc", "Y": "yy"}
VISUAL_SHORTHANDS = {"x": "d", "s": "c", "u": "gu", "U": "gU", "~": "g~"}
LINEWISE_SHORTHANDS = {"X": "d", "D": "d", "C": "c", "S": "c", "R": "c", "Y": "y"}
"""In visual mode: operators on the whole lines of the selection."""

ALIASES = {
    "left": "h",
    "right": "l",
    "up": "k",
    "down": "j",
    "home": "0",
    "end": "$",
    "delete": "x",
    "enter": "+",
    "pageup": "ctrl+b",
    "pagedown": "ctrl+f",
    "ctrl+home": "gg",
    "ctrl+end": "G",
    "space": " ",
}


class UnknownKeysError(Exception):
    """Keys that are no command."""


@dataclass(frozen=True, slots=True)
class VimCommand:
    """What a sequence of keys asks for."""

    name: str
    """A motion, an action, a text object such as `iw`, or empty for an operator on the selection."""

    operator: str = ""
    count: int | None = None
    register: str = ""
    argument: str = ""
    is_lines: bool = False
    """Whether the operator takes whole lines: it was doubled, or is one of `LINEWISE_SHORTHANDS`."""


def parse(keys: Sequence[str], is_visual: bool) -> VimCommand | None:
    """Return the command of `keys`; None if it is incomplete. Raises UnknownKeysError."""
    reader = _Reader(list(keys))
    try:
        return _parse(reader, is_visual)
    except IndexError:
        return None


class _Reader:
    """Reads keys one by one; raises IndexError at their end."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def peek(self) -> str:
        return self.keys[0]

    def take(self) -> str:
        return self.keys.pop(0)

    def count(self) -> int | None:
        """Read a count, which does not begin with 0."""
        digits = ""
        while (self.peek().isdecimal() and self.peek().isascii()) and (digits or self.peek() != "0"):
            digits += self.take()
        return min(int(digits), MAX_COUNT) if digits else None

    def name(self) -> str:
        """Read a key, or two after a prefix."""
        key = self.take()
        key = ALIASES.get(key, key)
        if key in ("g", "z", "Z"):
            following = self.take()
            key += following
        return key


def _parse(reader: _Reader, is_visual: bool) -> VimCommand | None:
    register = _register(reader)
    count = reader.count()
    register = _register(reader) or register
    name = reader.name()
    shorthands = VISUAL_SHORTHANDS if is_visual else SHORTHANDS
    if is_visual and name in LINEWISE_SHORTHANDS:
        return VimCommand("", LINEWISE_SHORTHANDS[name], count, register, is_lines=True)
    if name in shorthands:
        reader.keys[:0] = list(shorthands[name]) if not is_visual else []
        name = shorthands[name] if is_visual else reader.take()
    if name in OPERATORS:
        if is_visual:
            return VimCommand("", name, count, register)
        return _operation(reader, name, count, register)
    if is_visual and name in ("i", "a"):
        return VimCommand(_object(reader, name), count=count, register=register)
    if name not in (VISUAL_ACTIONS if is_visual else ACTIONS) and name not in MOTIONS:
        raise UnknownKeysError(name)
    return VimCommand(name, "", count, register, reader.take() if name in WITH_CHARACTER else "")


def _register(reader: _Reader) -> str:
    """Read the name of a register, if the next key announces one."""
    if reader.peek() != '"':
        return ""
    reader.take()
    name = reader.take()
    if len(name) != 1 or not ((name.isascii() and name.isalnum()) or name in '"+*_'):
        raise UnknownKeysError(f'"{name}')
    return name


def _operation(reader: _Reader, operator: str, count: int | None, register: str) -> VimCommand:
    """Read what an operator is applied to."""
    second = reader.count()
    if second is not None:
        count = min((count or 1) * second, MAX_COUNT)
    command = VimCommand("", operator, count, register)
    if reader.peek() == operator[-1]:
        return replace(command, is_lines=True)
    name = reader.name()
    if name == operator:
        return replace(command, is_lines=True)
    if name in ("i", "a"):
        return replace(command, name=_object(reader, name))
    if name not in MOTIONS:
        raise UnknownKeysError(operator + name)
    return replace(command, name=name, argument=reader.take() if name in WITH_CHARACTER else "")


def _object(reader: _Reader, prefix: str) -> str:
    key = reader.take()
    if key not in OBJECTS:
        raise UnknownKeysError(prefix + key)
    return prefix + key
