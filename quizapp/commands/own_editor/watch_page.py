"""What a watching command prints: pages, and in a terminal a last line of keys."""

from __future__ import annotations

import os
import shutil

from quizapp.text.streams import clear_line, clear_screen, echo
from quizapp.text.wrapping import echo_wrapped


class WatchPage:
    """The output of a watching command. With `has_keys` it is a terminal: each page replaces the one before."""

    def __init__(self, *, has_keys: bool) -> None:
        self.footer = ""
        """The keys, shown below the page."""

        self._has_keys = has_keys
        self._can_clear = has_keys and os.environ.get("TERM", "") not in ("", "dumb")
        self._is_footer_shown = False

    def begin(self, header: str) -> None:
        """Begin a new page."""
        if self._can_clear:
            self._is_footer_shown = False
            clear_screen()
        self.show(header)

    def show(self, text: str) -> None:
        """Print `text` at the end of the page."""
        self._hide_footer()
        echo_wrapped(text)
        self._show_footer(self.footer)

    def show_status(self, text: str) -> None:
        """Show `text` in place of the keys until something else is printed; without a terminal, print nothing."""
        self._hide_footer()
        self._show_footer(text)

    def close(self) -> None:
        """Remove the keys; what is shown later has none."""
        self.footer = ""
        self._hide_footer()

    def _show_footer(self, text: str) -> None:
        if self._has_keys and text:
            # A line that wraps could not be cleared.
            echo(text[: shutil.get_terminal_size().columns - 1], end="")
            self._is_footer_shown = True

    def _hide_footer(self) -> None:
        if self._is_footer_shown:
            self._is_footer_shown = False
            if self._can_clear:
                clear_line()
            else:
                echo("")
