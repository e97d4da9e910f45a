"""Documentation of a name: the code that reads it in the sandbox, and the parser of its output. Contains no widget."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.sandbox.protocol import Report
from quizapp.text.printable import one_line, visible
from quizapp.tui.widgets.completion_source import parsable_prefix

MARKER = "documentation of a name:"
"""Prefix of the last line that the worker prints."""

MAX_TEXT = 6000
"""Characters shown of a docstring."""

# Runs in the worker, after `given`. The public name is found by identity: `__module__` is often private.
DESCRIBE_NAME = """
def _describe_name(above, name):
    import inspect, json, sys
    space = globals()
    try:
        exec(compile(above, "<above>", "exec"), space)
    except BaseException:
        pass
    try:
        value = eval(name, space)
    except BaseException:
        return
    owner, _, last = name.rpartition(".")
    try:
        home = eval(owner, space) if owner else None
    except BaseException:
        home = None
    torch = sys.modules.get("torch")
    places = [("torch.Tensor", torch.Tensor)] if torch and isinstance(home, torch.Tensor) else []
    if torch and not places and getattr(value, "__name__", None):
        last = value.__name__
        places = [(n, sys.modules[n]) for n in PLACES if n in sys.modules]
        places = [(n, place) for n, place in places if getattr(place, last, None) is value]
    public = places[0][0] + "." + last if places and callable(value) else ""
    try:
        signature = str(inspect.signature(value)) if callable(value) else ""
    except (TypeError, ValueError):
        signature = ""
    is_plain = not (callable(value) or inspect.ismodule(value))
    text = "" if is_plain and public == "" else inspect.getdoc(value) or ""
    found = [public, type(value).__name__, signature[:500], text[:MAX_TEXT]]
    print()
    print(MARKER + json.dumps(found))
"""
PLACES = ("torch", "torch.nn", "torch.nn.functional", "torch.linalg", "torch.fft", "torch.optim", "torch.nn.init")
"""Modules whose members are documented under these names."""

PAGES = re.compile(r"torch(\.(nn|nn\.functional|Tensor|linalg|fft|optim))?\.[A-Za-z]\w*")
"""Names that have a page of their own, which is called after them."""


@dataclass(frozen=True, slots=True)
class Documentation:
    """What is known about a name. Every text is escaped."""

    name: str
    """As in the code, such as `F.relu`."""

    kind: str
    """The class of its value."""

    signature: str
    text: str
    """The first part of the docstring."""

    address: str
    """The page of PyTorch's documentation; empty if there is none."""


def documentation_code(lines: Sequence[str], row: int, name: str) -> str:
    """Return the code of a scratch run that prints what `name` is, used on line `row` of `lines`."""
    code = DESCRIBE_NAME.replace("MAX_TEXT", str(MAX_TEXT)).replace("MARKER", repr(MARKER))
    above = parsable_prefix("\n".join(lines[:row]))
    return f"{code.replace('PLACES', repr(PLACES))}\n_describe_name({above!r}, {name!r})\n"


def read_documentation(report: Report, name: str) -> Documentation | None:
    """Return what the worker printed about `name`; None if it is not bound or the output is malformed."""
    last = report.stdout.rstrip("\n").rpartition("\n")[2]
    try:
        public, kind, signature, text = map(str, json.loads(last.removeprefix(MARKER)))
    except (ValueError, TypeError):
        return None
    if not last.startswith(MARKER):
        return None
    own, text = split_signature_line(name, first_part(plain_text(text)))
    return Documentation(name, one_line(kind), one_line(signature or own), visible(text), docs_address(public))


def plain_text(text: str) -> str:
    """Return a docstring without the markup of Sphinx: `:attr:` and doubled backticks."""
    return re.sub(r":[a-z:]+:`~?([^`]*)`", r"`\1`", text).replace("``", "`")


def split_signature_line(name: str, text: str) -> tuple[str, str]:
    """Return the signature in the first line of a docstring, as functions written in C have it, and the other lines."""
    first, _, rest = text.partition("\n")
    called = re.match(rf"(?:\w+\.)*{re.escape(name.rpartition('.')[2])}(?=\()", first)
    return (first[called.end() :], rest.strip()) if called else ("", text)


def first_part(text: str) -> str:
    """Return a docstring up to its first section or example."""
    lines = text.strip().splitlines()
    section = re.compile(r"(\w[\w ]*::?|-{3,}|>>> .*|\.\. \w.*)\s*$")
    end = next((i for i, line in enumerate(lines) if i and section.fullmatch(line.strip())), len(lines))
    return "\n".join(lines[:end]).strip()


def docs_address(name: str) -> str:
    """Return the page of PyTorch's documentation for a public name such as `torch.nn.Linear`; empty if it has none."""
    if PAGES.fullmatch(name) is None:
        return ""
    return f"https://docs.pytorch.org/docs/stable/generated/{name}.html"
