"""The driver of the terminal: like Textual's, but no byte that a terminal sends and no encoding ends the app."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys

from quizapp.text.streams import prepare_screen

if TYPE_CHECKING:
    from textual.message import Message

    from quizapp.tui.app import PtquizApp

MAX_READ = 4096
"""Bytes read at a time."""

TICK = 0.1
"""Seconds without input after which an unfinished escape sequence counts as keys."""


# Remove when Textual ignores what it cannot parse: these exceptions end the thread that reads keys.
class LenientParser(XTermParser):
    """A parser that ignores keys with modifiers or code points that do not exist, and positions it cannot compute."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        try:
            return list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):
            # Without a key, the parser would repeat the sequence as typed characters.
            return [events.Key(Keys.Ignore, None)]

    def parse_mouse_code(self, code: str) -> Message | None:
        """Return the mouse event, or None without one."""
        try:
            return super().parse_mouse_code(code)
        except ArithmeticError:
            # The terminal reported a size of 0.
            return None


class TerminalDriver(LinuxDriver):
    """A driver that replaces invalid UTF-8 in the input, and characters that the terminal's encoding does not have."""

    _app: PtquizApp

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        prepare_screen()

    # Remove when Textual assumes one size for a terminal without a size: with two, it redraws without end.
    def _get_terminal_size(self) -> tuple[int, int]:
        return self._app.console.size

    # Remove when Textual reports errors of this thread like others: it exits with code 0 after a traceback.
    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)

    # Remove when Textual's driver decodes with replacement: it ends the app at a byte that is not UTF-8.
    def run_input_thread(self) -> None:
        """Read keys until the app exits, or exit the app when the terminal is closed."""
        parser = LenientParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        for data in self._reads():
            for event in (*(parser.feed(text) if (text := decode(data)) else ()), *parser.tick()):
                self.process_message(event)
        with suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _reads(self) -> Iterator[bytes]:
        """Yield what the terminal sends, and nothing after each `TICK`."""
        while not self.exit_event.is_set():
            if not select.select([self.fileno], [], [], TICK)[0]:
                yield b""
                continue
            try:
                data = os.read(self.fileno, MAX_READ)
            except OSError:
                # A terminal that was closed gives EIO, or no bytes.
                data = b""
            if not data:
                self._app.call_later(self._app.action_quit)
                return
            yield data
