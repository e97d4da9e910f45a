"""The cause of a YAML syntax error, with a hint.

A cause is recognised by the text around the parser's marks, since the wording of its messages may change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from quizapp.decks.card import Position
from quizapp.decks.fields import FIELD_NAMES
from quizapp.decks.parsing.line_faults import (
    FENCE,
    FENCE_NAMES,
    INDENTED_UNUSUALLY,
    SyntaxProblem,
    bad_colon,
    marker_in,
    unusual_indentation,
)
from quizapp.decks.parsing.python_syntax import find_fault
from quizapp.decks.parsing.quoting import QUOTE_ENTRIES, quote_value, quoted, value_on
from quizapp.decks.parsing.yaml_tree import BLOCKS, LINE_BREAK, position_of, split_lines
from quizapp.decks.problems import as_code

SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
RARE_BREAKS = ("\x85", "\u2028", "\u2029")
HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
MAX_SHOWN = 60
"""Characters of a value that a hint shows closed."""

CLOSING = {"[": "]", "{": "}", "'": "'", '"': '"'}


def explain(error: yaml.MarkedYAMLError, text: str) -> SyntaxProblem:
    """Return the cause of a syntax error in `text`."""
    fault = _Fault(error, text)
    return next(problem for cause in CAUSES if (problem := cause(fault)) is not None)


def find_unusual_space(text: str) -> SyntaxProblem | None:
    """Return a problem if a line of valid YAML is indented with a space that YAML reads as text."""
    if text.isascii() or not INDENTED_UNUSUALLY.search(text):
        return None
    lines = split_lines(text)
    return next((problem for event in _events(text) if (problem := _indented_unusually(event, lines))), None)


def _events(text: str) -> list[Any]:
    """Return the parser's events, up to the error if there is one."""
    loader = yaml.CBaseLoader(text)
    events: list[Any] = []
    try:
        while not events or type(events[-1]) is not yaml.StreamEndEvent:
            events.append(loader.get_event())
    except yaml.YAMLError:
        return events
    return events


def _is(event: Any, kind: type) -> bool:
    """Return whether `event` is of `kind`, in a form that keeps its marks untyped for mypy."""
    return type(event) is kind


def _indented_unusually(event: Any, lines: list[str]) -> SyntaxProblem | None:
    if not _is(event, yaml.ScalarEvent) or event.style:
        return None
    return unusual_indentation(lines, event.start_mark.line, event.start_mark.column)


class _Fault:
    """The text around a syntax error. Line and column count from 0."""

    def __init__(self, error: Any, text: str) -> None:
        self.lines = split_lines(text)
        self.message = error.problem or str(error)
        mark = error.problem_mark or error.context_mark
        self.number = min(mark.line, len(self.lines) - 1)
        self.column = mark.column
        self.line = self.lines[self.number]
        self.before = self.line[: self.column]
        self.char = self.line[self.column : self.column + 1]
        self.opening = error.context_mark
        """Where the construct begins that the parser was reading, such as a quote or a key."""

        self.text = text
        self.opening_text = self._text_at(self.opening) if self.opening else ""
        self.at_end = not any(line.strip() for line in [self.line[self.column :], *self.lines[self.number + 1 :]])
        self.events = _events(text)
        self.last: Any = self.events[-1]
        """The last event before the error."""

    def _text_at(self, mark: Any) -> str:
        return self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""

    def is_in_block(self, number: int) -> bool:
        """Return whether a line belongs to the block text above the error."""
        return bool(getattr(self.last, "style", None) in BLOCKS and number < self.last.end_mark.line)

    def is_in_late_quote(self) -> bool:
        """Return whether the last value is in quotes that were probably meant to end on its first line, in a list."""
        if getattr(self.last, "style", None) not in ("'", '"') or self.last.start_mark.line >= self.number:
            return False
        first_line: str = self.lines[self.last.start_mark.line]
        return first_line.rstrip().endswith(("]", "}", ","))

    def open_bracket(self) -> Any:
        """Return the mark of the innermost list or map in brackets that is still open; None if there is none."""
        if self.opening_text.startswith(("[", "{")):
            return self.opening
        stack: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
        marks = [event.start_mark for event in reversed(stack)]
        return next((mark for mark in marks if self._text_at(mark).startswith(("[", "{"))), None)

    def problem(self, kind: str, message: str, hint: str, column: int | None = None) -> SyntaxProblem:
        where = Position(self.number + 1, (self.column if column is None else column) + 1)
        return SyntaxProblem(kind, where, message, hint)

    def unclosed(self, message: str, mark: Any) -> SyntaxProblem:
        """Return the problem of a quote or bracket at `mark`."""
        line = self.lines[mark.line]
        rest = line[mark.column :].strip()
        closing = CLOSING.get(rest[:1], "")
        if closing in ("'", '"') and value_on(line).startswith(("[", "{")):
            rest = re.split(r"[],}]", rest)[0]
        hint = f"close it: {as_code(rest + closing)}" if 1 < len(rest) <= MAX_SHOWN else f"close it with `{closing}`"
        if not closing:
            hint = "close it, or quote the whole value"
        return SyntaxProblem("unclosed", position_of(mark), message, hint)


def _merge_marker(fault: _Fault) -> SyntaxProblem | None:
    return marker_in(fault.lines[: fault.number + 1])


def _markdown_fence(fault: _Fault) -> SyntaxProblem | None:
    first = next((number for number, line in enumerate(fault.lines) if line.strip()), 0)
    for number in (first, fault.number, fault.number - 1):
        match = FENCE.match(fault.lines[number])
        if match and not fault.is_in_block(number):
            message = "a Markdown code fence outside a text"
            hint = f"remove the lines that begin with {FENCE_NAMES[match[1][0]]}, or indent them as part of a text"
            return SyntaxProblem("markdown-fence", Position(number + 1, match.start(1) + 1), message, hint)
    return None


def _line_separator(fault: _Fault) -> SyntaxProblem | None:
    """Report a line that ends with a rare line break of YAML, which editors show within the line."""
    breaks = LINE_BREAK.findall(fault.text)
    for number in {fault.number, fault.opening.line if fault.opening else fault.number}:
        if 0 < number <= len(breaks) and breaks[number - 1] in RARE_BREAKS:
            where = Position(number, len(fault.lines[number - 1]) + 1)
            message = f"YAML begins a new line at the character U+{ord(breaks[number - 1]):04X}"
            return SyntaxProblem("line-separator", where, message, "remove it, or write it as an escape in quotes")
    return None


def _whitespace(fault: _Fault) -> SyntaxProblem | None:
    tab = fault.line.find("\t")
    if fault.char == "\t" or (tab >= 0 and not fault.line[:tab].strip()):
        column = fault.column if fault.char == "\t" else tab
        return fault.problem("tab", "a tab in the indentation", "indent with spaces", column)
    for event in fault.events:
        if problem := _indented_unusually(event, fault.lines):
            return problem
    return unusual_indentation(fault.lines, fault.number, fault.column)


def _key_without_space(fault: _Fault) -> SyntaxProblem | None:
    """Report a field name followed by a full-width colon, or by a colon and no space."""
    for number in (fault.number, fault.number - 1):
        if number >= 0 and not fault.is_in_block(number) and (problem := bad_colon(fault.lines, number)):
            return problem
    return None


def _quote(fault: _Fault) -> SyntaxProblem | None:
    """Report a bad escape in a quoted value, or a quote that is not closed."""
    if not fault.opening_text.startswith(("'", '"')):
        return None
    escape = next((at for at in (fault.column, fault.column - 2) if fault.line[at : at + 1] == "\\" and at >= 0), None)
    if escape is None or fault.opening_text.startswith("'"):
        return fault.unclosed("the quote that opens here is never closed", fault.opening)
    if half := SURROGATE.match(fault.line, escape):
        message = f"`{half[0]}` is half of a surrogate pair, not a character"
        return fault.problem("bad-escape", message, "write the character itself", escape)
    sequence = fault.line[escape : escape + 2]
    if digits := HEX_DIGITS.get(sequence[1:]):
        message = f"`{sequence}` in double quotes needs {digits} hexadecimal digits"
    else:
        message = f"`{sequence}` is not an escape sequence within double quotes"
    return fault.problem("bad-escape", message, f"write `\\{sequence}`, or use single quotes", escape)


def _after_value(fault: _Fault) -> SyntaxProblem | None:
    """Report text after a quoted value, or after a list or map in brackets."""
    before, last = fault.before.rstrip(), fault.last
    if fault.open_bracket() or not before.endswith(("'", '"', "]", "}")):
        return None
    if _is(last, yaml.ScalarEvent) and last.start_mark.line < fault.number:
        return fault.unclosed(f"the quote that opens here ends only on line {fault.number + 1}", last.start_mark)
    rest = value_on(fault.line)
    if fault.char in ("]", "}") and fault.char not in fault.before.rstrip("]}"):
        return fault.problem("unquoted", f"an unmatched `{fault.char}`", "remove it, or quote the whole value")
    message = "text follows the end of a quoted value or a list"
    inner = rest[1:-1]
    if rest[:1] in ("'", '"') and rest.endswith(rest[0]) and find_fault(rest, "eval") is not None:
        return fault.problem("unquoted", message, f"use the other quotes: {as_code(quoted(inner))}")
    return fault.problem("unquoted", message, f"quote it: {as_code(quoted(rest))}" if rest else "quote the whole value")


def _bracket(fault: _Fault) -> SyntaxProblem | None:
    """Report a list or map in brackets that is not closed or contains an unexpected character."""
    mark = fault.open_bracket()
    if mark is None:
        return None
    line, last = fault.lines[mark.line], fault.last
    if fault.is_in_late_quote():
        return fault.unclosed(f"the quote that opens here ends only on line {fault.number + 1}", last.start_mark)
    bracket = line[mark.column]
    content = "".join([line[mark.column :], *fault.lines[mark.line + 1 : fault.number + 1]])
    if fault.at_end or (
        fault.number > mark.line
        and _indent(fault.line) <= _indent(line)
        and content.count(bracket) > content.count(CLOSING[bracket])
    ):
        return fault.unclosed(f"the `{bracket}` that opens here is never closed", mark)
    message = f"expected `,` or `{CLOSING[bracket]}` here"
    return fault.problem("syntax", message, quote_value(fault.line) if fault.number == mark.line else QUOTE_ENTRIES)


def _block_header(fault: _Fault) -> SyntaxProblem | None:
    sign = fault.opening_text[:1]
    if sign not in BLOCKS or not sign:
        return None
    message = f"text follows `{sign}` on the same line"
    hint = f"begin the text on the next line, or quote it: {as_code(quoted(fault.opening_text.strip()))}"
    return fault.problem("syntax", message, hint)


def _bad_start(fault: _Fault) -> SyntaxProblem | None:
    """Report a value that begins with a reserved character of YAML."""
    sign, column = fault.char, fault.column
    if _is(fault.last, yaml.AliasEvent) and fault.last.start_mark.line == fault.number:
        sign, column = "*", fault.last.start_mark.column
    elif fault.opening_text[:1] in tuple("*&!%") and fault.opening.line == fault.number:
        sign, column = fault.opening_text[0], fault.opening.column
    elif sign not in tuple("@`%?"):
        return None
    message = "a value cannot begin with " + ("a backtick" if sign == "`" else f"`{sign}`")
    return fault.problem("unquoted", message, quote_value(fault.line), column)


def _list_entry(fault: _Fault) -> SyntaxProblem | None:
    if not fault.line.startswith("- ", fault.column) or not fault.before.rstrip().endswith(":"):
        return None
    return fault.problem("syntax", "a list cannot begin here", "begin it on the next line")


def _colon(fault: _Fault) -> SyntaxProblem | None:
    """Report a colon where no key can be: in a plain value, or after a key that continues the value above."""
    if fault.char != ":" or fault.opening is not None:
        return None
    last = fault.last
    if _is(last, yaml.ScalarEvent) and last.start_mark.line < fault.number:
        if (key := fault.before.strip()) in FIELD_NAMES:
            message = f"`{key}:` continues the value above, because it is indented more"
            return fault.problem("indentation", message, "align it with the keys above", _indent(fault.line))
        hint = f"begin the value on line {last.start_mark.line + 1} with `|`, and its text on the next line"
        return fault.problem("unquoted-colon", "`: ` inside a value that is not quoted", hint)
    return fault.problem("unquoted-colon", "`: ` inside a value that is not quoted", quote_value(fault.line))


def _line_without_key(fault: _Fault) -> SyntaxProblem | None:
    if fault.opening is None or re.search(r":(\s|$)", fault.opening_text) or fault.opening_text.startswith("- "):
        return None
    above = fault.last
    if getattr(above, "style", None) in BLOCKS and above.end_mark.line == fault.opening.line:
        message, hint = "indented less than the text above that it continues", "align it with the text above"
        return SyntaxProblem("indentation", position_of(fault.opening), message, hint)
    message = "a line that is neither `key: value` nor a list entry"
    return SyntaxProblem("syntax", position_of(fault.opening), message, "add the key, or join it to the value above")


def _after_document(fault: _Fault) -> SyntaxProblem | None:
    if not _is(fault.last, yaml.DocumentEndEvent):
        return None
    begin = fault.text.lstrip("\ufeff \r\n")[:1]
    if begin in ("{", "["):
        message = f"text follows the `{CLOSING[begin]}` that closes the `{begin}` at the beginning of the file"
        return fault.problem("syntax", message, "write the whole deck as JSON, or the whole deck as YAML")
    return fault.problem("syntax", "text follows the end of the deck", "write the whole deck as one map of keys")


def _indentation(fault: _Fault) -> SyntaxProblem | None:
    if fault.opening is None or fault.before.strip():
        return None
    message = "indented differently from the lines it belongs to"
    return fault.problem("indentation", message, "align it with the entries above")


def _otherwise(fault: _Fault) -> SyntaxProblem:
    return fault.problem("syntax", f"not valid YAML: {fault.message}", quote_value(fault.line))


CAUSES: tuple[Callable[[_Fault], SyntaxProblem | None], ...] = (
    _merge_marker,
    _markdown_fence,
    _line_separator,
    _whitespace,
    _key_without_space,
    _quote,
    _after_value,
    _block_header,
    _bad_start,
    _bracket,
    _list_entry,
    _colon,
    _line_without_key,
    _after_document,
    _indentation,
    _otherwise,
)
"""Causes in order of precedence: a later one may also match text that an earlier one explains."""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
