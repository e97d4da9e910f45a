"""Help while code is typed: the list of names, and the line below the editor with the signature of the current call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from quizapp.errors import PtquizError
from quizapp.sandbox.protocol import Report
from quizapp.tui.widgets.call_signature import OpenCall, call_at, render_signature
from quizapp.tui.widgets.completion import CompletionList
from quizapp.tui.widgets.completion_source import (
    CompletionName,
    CompletionRequest,
    completion_code,
    completion_request,
    read_names,
)
from quizapp.tui.widgets.editor import CodeEditor
from quizapp.tui.widgets.known_names import KnownNames, call_request, is_completable

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp

ASK_DELAY = 0.25
"""Seconds without a key press after which the sandbox is asked."""

CLOSING_KEYS = frozenset({"enter", "left", "right", "home", "end", "pageup", "pagedown"})
"""Keys that close the list and take effect in the editor."""

Ask: TypeAlias = Callable[[str, bool], Report]
"""Runs code after `preamble` and `given`; the second argument is whether the learner waits for it."""


@dataclass
class NamesLoaded(Message, bubble=False):
    """The names that the sandbox found; None if it could not be asked."""

    request: CompletionRequest
    names: list[CompletionName] | None
    is_automatic: bool
    reason: str
    """Shown if there are no names and the learner asked for them."""


class CodeAssist(Static):
    """A line for the signature of the current call or a message, and the owner of the completion list.

    Names in the text are offered at once. The sandbox is asked for all others after a pause, one request at a time.
    """

    DEFAULT_CSS = """
    CodeAssist {
        height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; display: none;
    }
    CodeAssist.-open { display: block; }
    """
    app: PtquizApp

    def __init__(self, editor: CodeEditor, given: Sequence[str], ask: Ask) -> None:
        """`given` is the code that runs before the answer. `ask` blocks and may raise PtquizError."""
        super().__init__("", markup=False)
        self.list = CompletionList()
        self._editor, self._known, self._ask_sandbox = editor, KnownNames(given), ask
        self._pause: Timer | None = None
        self._is_asking = False
        self._typed: CompletionRequest | None = None
        """The request for the name that was typed last; the list opens by itself only for that name."""

        self._listed: CompletionRequest | None = None
        self._hint = ""

    @property
    def request(self) -> CompletionRequest:
        """The request for the name before the cursor."""
        return completion_request(self._editor.document.lines, *self._editor.cursor_location)

    # The list

    def offer_names(self) -> None:
        """Open the list for the name that was just typed, or ask the sandbox for it after a pause."""
        if self.app.settings.complete_names:
            self._typed = self.request
            self.sync_list()
            self._open_for_typed_name()
            self._ask_after_pause()

    def _open_for_typed_name(self) -> None:
        if self._is_typing and not self.list.is_open:
            names = self._known.find(self.request, self._editor.text)
            if names:
                self._open(names, is_automatic=True)

    @property
    def _is_typing(self) -> bool:
        """Whether the cursor is still at the end of the name that was typed last, and that name may be completed."""
        row, column = self._editor.cursor_location
        request, typed = self.request, self._typed
        return (
            typed is not None
            and (request.above, request.owner) == (typed.above, typed.owner)
            and request.prefix.startswith(typed.prefix)
            and self._editor.selection.is_empty
            and is_completable(self._editor.document.get_line(row), column, request)
        )

    def sync_list(self) -> None:
        """Filter the open list after a change of the text, or close it if the cursor has left its name."""
        if self.list.is_open and self._listed is not None:
            request = self.request
            if request.owner == self._listed.owner and (request.prefix or request.owner):
                self.list.filter(request.prefix)
            else:
                self.list.close()

    def _open(self, names: list[CompletionName], *, is_automatic: bool) -> None:
        self._listed = self.request
        self.list.open(names, self.request.prefix, self._editor.cursor_screen_offset, is_automatic=is_automatic)

    def request_names(self) -> None:
        """List all names that fit, and accept the only one. The sandbox is asked unless it was before."""
        request = self.request
        names = self._known.cache.find(request)
        if names:
            self._list(names)
        else:
            self._start_asking(request, is_automatic=False)

    def _list(self, names: list[CompletionName]) -> None:
        self._open(names, is_automatic=False)
        if len(names) == 1:
            self.accept()

    def accept(self) -> None:
        """Insert the highlighted name, or the first one."""
        name = self.list.choose()
        if name is not None:
            row, column = self._editor.cursor_location
            start = (row, column - len(self.request.prefix))
            self._editor.replace(name.text, start, (row, column), maintain_selection_offset=False)
        self.close()

    def close(self) -> None:
        """Close the list; it opens again by itself only for another name."""
        self.list.close()
        self._typed = None

    def take_key(self, key: str) -> bool:
        """Handle a key of the open list; return False if it belongs to the editor."""
        if not self.list.is_open:
            return False
        if key in ("up", "down"):
            self.list.move(1 if key == "down" else -1)
        elif key == "tab" or (key == "enter" and self.list.selected_name is not None):
            self.accept()
        elif key == "escape":
            self.close()
        else:
            if key in CLOSING_KEYS:
                self.close()
            return False
        return True

    # The line

    def show_hint(self, text: str) -> None:
        """Set the text of the line while it has neither a signature nor a message of the cursor's line to show."""
        self._hint = text
        self.show_signature()

    def show_signature(self) -> None:
        """Show the signature of the call that the cursor is in."""
        call = self._call
        signature = self._signature(call) if call is not None else None
        line = Content(self._editor.hidden_message or self._hint)
        if call is not None and signature:
            line = render_signature(call, signature)
        self.set_class(bool(line.plain), "-open")
        self.update(line)
        if call is not None and signature is None:
            self._ask_after_pause()

    @property
    def _call(self) -> OpenCall | None:
        is_wanted = self.app.settings.complete_names
        return call_at(self._editor.document.lines, *self._editor.cursor_location) if is_wanted else None

    def _signature(self, call: OpenCall) -> str | None:
        return self._known.signature(call, self.request.above, self._editor.text)

    # The sandbox

    def _ask_after_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(ASK_DELAY, self._ask_for_missing)

    def _ask_for_missing(self) -> None:
        """Ask for the names that the list or the line waits for, unless the sandbox works at another request."""
        request, call = self.request, self._call
        if self._is_asking:
            return
        if self._is_typing and self._known.find(request, self._editor.text) is None:
            self._start_asking(request, is_automatic=True)
        elif call is not None and self._signature(call) is None:
            self._start_asking(call_request(call, request.above), is_automatic=True)

    def _start_asking(self, request: CompletionRequest, *, is_automatic: bool) -> None:
        self._is_asking = True
        self._ask(request, is_automatic)

    @work(thread=True, group="names", description="find names")
    def _ask(self, request: CompletionRequest, is_automatic: bool) -> None:
        names: list[CompletionName] | None = None
        reason = "no name in scope matches"
        try:
            names = read_names(self._ask_sandbox(completion_code(request), not is_automatic))
        except PtquizError as error:
            reason = error.message
        except Exception as error:
            reason = self.app.errors.add(error, "find names")
        self.post_message(NamesLoaded(request, names, is_automatic, reason))

    @on(NamesLoaded)
    def show_names(self, event: NamesLoaded) -> None:
        """Keep the names, and list them if they still fit: the learner may have typed more or moved the cursor."""
        self._is_asking = False
        if event.names or (event.names is not None and event.is_automatic):
            self._known.cache.add(event.request, event.names)
        if event.is_automatic:
            self._open_for_typed_name()
        else:
            self._show_requested(event)
        if event.names is not None:
            # Something else may be missing by now: it was not asked for while the sandbox was busy.
            self.show_signature()
            self._ask_after_pause()

    def _show_requested(self, event: NamesLoaded) -> None:
        current = self.request
        if current.owner != event.request.owner or not current.prefix.startswith(event.request.prefix):
            return
        if event.names:
            self._list(event.names)
        else:
            self.notify(event.reason, markup=False, timeout=2)
