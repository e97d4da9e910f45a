"""Bytes that a terminal sends to the screen: keys, mouse and replies."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from textual.message import Message

from quizapp.tui.driver import TerminalDriver
from tests.hostile.fuzz.inputs import mutated, of_tokens
from tests.hostile.fuzz.target import Target

TOKENS = [
    *(b"\x1b", b"\x1b[", b"\x1bO", b"\x1b]", b"\x1bP", b"\x1b\\", b"\x07", b"\x9b", b"\x1b[<", b"\x1b[M", b"\x1b[200~"),
    *(b"\x1b[201~", b"0", b"35", b"99999999999999999999", b";", b":", b"M", b"m", b"u", b"~", b"A", b"R", b"c", b"$y"),
    *(b"\x1b[?2026;2$y", b"\x1b[48;24;80;480;800t", b"\x1b[I", b"\x1b[O", b"q", b"\r", b"\x03", b"\x00", b"\x7f", b"-"),
    *(b"\x1b[57358u", b"\x1b[97;5:3u", b"\x1b[1;5A", b"\x1b[27;2;13~", b"1114112", b"55296", b"?", b"\xf0\x9f\x98"),
]
SEEDS = [
    b"\x1b[<0;10;5M\x1b[<35;11;5M\x1b[<32;12;6M\x1b[<0;10;5m\x1b[<64;1;1M",
    b"\x1b[200~pasted \xe4\xb8\xad\n text\x1b[201~",
    b"\x1b[97;5u\x1b[57358;1:3u\x1b[1;2A\x1bOP\x1b[15~\x1b[24;80R",
    b"\x1b[?2026;2$y\x1b[?2048;0$y\x1b[48;24;80;480;800t",
    "é中\x1b[A\x1b[B\x1bx\x03\x1a".encode(),
]


class FedDriver(TerminalDriver):
    """A driver without a terminal: it reads portions of bytes, and its messages reach no app."""

    def __init__(self, portions: list[bytes]) -> None:
        app: Any = SimpleNamespace()
        self._app, self._debug, self.cursor_origin = app, False, None
        self._down_buttons, self._last_move_event = [], None
        self.portions = portions
        self.sent: list[Message] = []

    def _reads(self) -> Iterator[bytes]:
        yield from self.portions

    def send_message(self, message: Message) -> None:
        """Keep the message."""
        self.sent.append(message)


def read(data: bytes) -> object:
    """Read `data` in two portions, with a pause between them."""
    middle = len(data) // 2
    driver = FedDriver([data[:middle], b"", data[middle:], b""])
    driver.run_input_thread()
    return driver.sent


TARGET = Target(read, mutated(SEEDS, TOKENS) | of_tokens(TOKENS), examples=150)
