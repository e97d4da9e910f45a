"""Completion names from the sandbox: the code that lists them and the parser of its output. Contains no widget.

A worker runs `given` and the lines above the cursor like a scratch run, then prints the names that are in scope.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.sandbox.protocol import Report
from quizapp.text.printable import visible
from quizapp.tui.widgets.editing import word_before

MARKER = "names in scope:"
"""Prefix of the last line that the worker prints."""

MAX_NAMES = 200

# Runs in the worker, after `given`. Exceptions and output of the lines above the cursor are ignored.
LIST_NAMES = """
def _list_names(above, owner, prefix):
    import builtins, inspect, json, keyword
    space = globals()
    try:
        exec(compile(above, "<above>", "exec"), space)
    except BaseException:
        pass
    if owner:
        try:
            home = eval(owner, space)
        except BaseException:
            home = None
        names = dir(home) if home is not None else []
        find = lambda name: getattr(home, name)
    else:
        names = [n for n in space if n != "_list_names"] + dir(builtins) + list(keyword.kwlist)
        find = lambda name: space[name] if name in space else getattr(builtins, name)
    names = sorted({n for n in names if n.startswith(prefix) and (prefix.startswith("_") or not n.startswith("_"))})
    found = []
    for name in names[:MAX_NAMES]:
        try:
            value = find(name)
        except BaseException:
            found.append((name, "", ""))
            continue
        try:
            about = str(inspect.signature(value)) if callable(value) else ""
        except (TypeError, ValueError):
            lines = (getattr(value, "__doc__", None) or "").strip().splitlines()
            about = lines[0][lines[0].find("("):] if lines and "(" in lines[0] else ""
        found.append((name, type(value).__name__, about[:120]))
    print()
    print(MARKER + json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class CompletionName:
    """A completion: the name, its value's class and its signature."""

    text: str
    kind: str
    signature: str


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """The text to complete: `prefix` after `owner` and a dot, or `prefix` alone."""

    above: str
    """The lines above the cursor."""

    owner: str
    prefix: str


def completion_request(lines: Sequence[str], row: int, column: int) -> CompletionRequest:
    """Return the request for the text that ends at the cursor."""
    word = word_before(lines[row], column)
    owner, dot, prefix = word.rpartition(".")
    return CompletionRequest("\n".join(lines[:row]), owner if dot else "", prefix)


def completion_code(request: CompletionRequest) -> str:
    """Return the code of a scratch run that prints the names."""
    code = LIST_NAMES.replace("MAX_NAMES", str(MAX_NAMES)).replace("MARKER", repr(MARKER))
    return f"{code}\n_list_names({parsable_prefix(request.above)!r}, {request.owner!r}, {request.prefix!r})\n"


def parsable_prefix(above: str) -> str:
    """Return the longest prefix of `above` that parses: the cursor is often inside an incomplete block."""
    lines = above.splitlines()
    while lines:
        try:
            compile("\n".join(lines), "<above>", "exec")
        except (SyntaxError, ValueError):
            lines.pop()
        else:
            return "\n".join(lines)
    return ""


class NameCache:
    """The names that the sandbox found, for each owner below the same lines; the oldest are dropped."""

    SIZE = 32

    def __init__(self) -> None:
        self._found: dict[CompletionRequest, list[CompletionName]] = {}

    def add(self, request: CompletionRequest, names: list[CompletionName]) -> None:
        """Keep the names that answer `request`."""
        self._found[request] = names
        if len(self._found) > self.SIZE:
            del self._found[next(iter(self._found))]

    def find(self, request: CompletionRequest) -> list[CompletionName] | None:
        """Return the names that are known to answer `request`; None if the sandbox must be asked.

        The names of a shorter prefix contain them, unless the worker left some out.
        """
        for length in range(len(request.prefix), -1, -1):
            names = self._found.get(replace(request, prefix=request.prefix[:length]))
            if names is not None and (length == len(request.prefix) or len(names) < MAX_NAMES):
                return [name for name in names if name.text.startswith(request.prefix)]
        return None


def read_names(report: Report) -> list[CompletionName]:
    """Return the names that the worker printed; none if its output is malformed."""
    last = report.stdout.rstrip("\n").rpartition("\n")[2]
    if not last.startswith(MARKER):
        return []
    try:
        rows = json.loads(last[len(MARKER) :])
        return [
            CompletionName(visible(str(text)), visible(str(kind)), visible(str(about)))
            for text, kind, about in rows[:MAX_NAMES]
        ]
    except (ValueError, TypeError):
        return []
