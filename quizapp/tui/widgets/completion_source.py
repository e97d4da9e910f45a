"""Completion: what is asked of the warm sandbox, and how its answer is read. Knows no widget.

The names really in scope are found by running `given` and the lines above the cursor in a worker, like a scratch run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.sandbox.protocol import Report
from quizapp.text.printable import visible
from quizapp.tui.widgets.editing import word_before

MARK = "names in scope:"
"""Begins the last line that the worker prints."""

MOST = 200

# Runs in the worker, after `given`. What the lines above the cursor raise or print is of no interest here.
ASKING = """
def _ask_names(above, owner, stem):
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
        names = [n for n in space if n != "_ask_names"] + dir(builtins) + list(keyword.kwlist)
        find = lambda name: space[name] if name in space else getattr(builtins, name)
    names = sorted({n for n in names if n.startswith(stem) and (stem.startswith("_") or not n.startswith("_"))})
    found = []
    for name in names[:MOST]:
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
    print(MARK + json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class CompletionName:
    """One name that fits, its value's class, and its signature."""

    text: str
    kind: str
    signature: str


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What is being completed: `stem` after `owner` and a dot, or a bare `stem`."""

    above: str
    owner: str
    stem: str


def wanted(lines: Sequence[str], row: int, column: int) -> CompletionRequest:
    """What stands before the cursor."""
    word = word_before(lines[row], column)
    owner, dot, stem = word.rpartition(".")
    return CompletionRequest("\n".join(lines[:row]), owner if dot else "", stem)


def question(want: CompletionRequest) -> str:
    """The code for a scratch run that prints the names."""
    asking = ASKING.replace("MOST", str(MOST)).replace("MARK", repr(MARK))
    # The part of the answer that is complete; the statement under the cursor is not.
    return f"{asking}\n_ask_names({_runnable(want.above)!r}, {want.owner!r}, {want.stem!r})\n"


def _runnable(above: str) -> str:
    """The longest beginning of `above` that parses: the cursor often stands within an open block."""
    lines = above.splitlines()
    while lines:
        try:
            compile("\n".join(lines), "<above>", "exec")
        except (SyntaxError, ValueError):
            lines.pop()
        else:
            return "\n".join(lines)
    return ""


def names(report: Report) -> list[CompletionName]:
    """The names that the worker printed; nothing where it printed nonsense."""
    last = report.stdout.rstrip("\n").rpartition("\n")[2]
    if not last.startswith(MARK):
        return []
    try:
        rows = json.loads(last[len(MARK) :])
        return [
            CompletionName(visible(str(text)), visible(str(kind)), visible(str(about)))
            for text, kind, about in rows[:MOST]
        ]
    except (ValueError, TypeError):
        return []
