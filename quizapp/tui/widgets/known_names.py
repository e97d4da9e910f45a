"""The names and signatures that are known without asking the sandbox (again). Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.tui.widgets.call_signature import OpenCall
from quizapp.tui.widgets.completion_source import CompletionName, CompletionRequest, NameCache
from quizapp.tui.widgets.editing import is_in_text, is_plain_name
from quizapp.tui.widgets.names_in_code import names_in_code

MIN_LETTERS = 2
"""Letters of a name after which the list opens by itself."""


class KnownNames:
    """The names in the code of a card and in the answer, and those that the sandbox found before."""

    def __init__(self, given: Sequence[str]) -> None:
        """`given` is the code that runs before the answer."""
        self._given = given
        self.cache = NameCache()

    def find(self, request: CompletionRequest, answer: str) -> list[CompletionName] | None:
        """Return the names that complete `request`; None if the sandbox must be asked."""
        if request.owner:
            return self.cache.find(request)
        names = names_in_code([*self._given, answer])
        return [name for name in names if name.text.startswith(request.prefix)]

    def signature(self, call: OpenCall, above: str, answer: str) -> str | None:
        """Return the signature of a called name, empty if it has none; None if the sandbox must be asked."""
        names = self.cache.find(call_request(call, above))
        if names is not None:
            return next((name.signature for name in names if name.text == call.name.rpartition(".")[2]), "")
        own = names_in_code([*self._given, answer]) if "." not in call.name else []
        return next((name.signature for name in own if name.text == call.name and name.signature), None)


def call_request(call: OpenCall, above: str) -> CompletionRequest:
    """Return the request that finds the signature of a call below the lines `above`."""
    owner, _, name = call.name.rpartition(".")
    return CompletionRequest(above, owner, name)


def is_completable(line: str, column: int, request: CompletionRequest) -> bool:
    """Return whether the list may open by itself at `column`: not inside a name, in a string or in a comment."""
    if is_in_text(line[:column]) or line[column : column + 1].isalnum():
        return False
    return bool(request.owner) or (len(request.prefix) >= MIN_LETTERS and is_plain_name(line, column))
