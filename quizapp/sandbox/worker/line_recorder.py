"""Records what each line of the answer binds, for a run that is not graded.

The answer's syntax tree is extended by calls of the recorder after its bindings. The calls have the positions of the
statements they follow, so that tracebacks and warnings show the same lines.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quizapp.sandbox.protocol import MAX_LINE_TEXT, MAX_LINE_VALUES
from quizapp.sandbox.worker.binding_calls import ECHO, RECORD, RETURNED, Binding
from quizapp.sandbox.worker.echo import echo
from quizapp.sandbox.worker.value_summary import SCALARS, class_name, is_scalar, summarise

MAX_SUMMARIES = 10_000
"""Executions of one line whose values are described; afterwards, only its scalars and the class of other values are."""


@dataclass(slots=True)
class _Record:
    """The executions of one binding so far."""

    binding: Binding
    count: int = 0
    is_final: bool = False
    values: tuple[object, ...] = ()
    """The latest values: a scalar itself, else its description or, after many executions, its class."""

    def add(self, values: tuple[Any, ...]) -> None:
        self.count += 1
        if self.count <= MAX_SUMMARIES:
            self.values = tuple([value if is_scalar(value) else summarise(value) for value in values])
        elif len(values) == 1 and id(type(values[0])) in SCALARS:
            self.values = values
        else:
            self.values = tuple([value if is_scalar(value) else type(value) for value in values])

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each name with the description of its value."""
        for name, value in zip(self.binding.names, self.values, strict=True):
            yield name, _text(value)


def _text(value: object) -> str:
    if is_scalar(value):
        return summarise(value)
    return value if isinstance(value, str) else class_name(value) if isinstance(value, type) else ""


class LineRecorder:
    """The bindings of one run, and the value of its last expression."""

    def __init__(self, bindings: list[Binding]) -> None:
        self._records = [_Record(binding) for binding in bindings]
        self.echo: str | None = None

    def install(self) -> None:
        """Make the recorder available to the answer, as built-ins that no code can name."""
        builtins.__dict__.update({RECORD: self._record, ECHO: self._echo})

    def _record(self, number: int, *values: Any) -> Any:
        """Record the values of a binding; return the last one."""
        record = self._records[number]
        if not record.is_final:
            record.add(values)
        return values[-1]

    def _echo(self, value: Any) -> None:
        self.echo = echo(value)

    def keep_called_functions(self) -> None:
        """Record no more executions of the top level, and of each function of which a line was executed."""
        called = {record.binding.scope for record in self._records if record.count} | {0}
        for record in self._records:
            record.is_final = record.binding.scope in called

    def lines(self) -> list[tuple[int, str]]:
        """Return (line, text) for each line that bound something, such as `×10  float32 (3,)`."""
        by_line: dict[int, list[_Record]] = {}
        for record in self._records:
            if record.count:
                by_line.setdefault(record.binding.line, []).append(record)
        return [(line, _line_text(by_line[line])) for line in sorted(by_line)[:MAX_LINE_VALUES]]


def _line_text(records: list[_Record]) -> str:
    texts = {name: text for record in records for name, text in record.texts()}
    count = max(record.count for record in records)
    named = (
        f"{RETURNED} {text}" if name == RETURNED else f"{name}: {text}" if len(texts) > 1 else text
        for name, text in texts.items()
    )
    text = (f"×{count:,}  " if count > 1 else "") + ", ".join(named)
    return text if len(text) <= MAX_LINE_TEXT else f"{text[: MAX_LINE_TEXT - 1]}…"
