"""What is wrong where YAML cannot be parsed, in words, with the way out and a mended text to read on with."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import yaml

from quizapp.decks.card import Position
from quizapp.decks.parsing.python_syntax import quiet

KEY_OR_DASH = re.compile(r"^(\s*(?:-\s+)*(?:[\w-]+:\s+)?)(.*?)\s*$")
LONGEST_LINE = 1000
CARD = re.compile(r"^(\s*)-\s")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """One syntax error, and the lines with it mended (None: no mend is known)."""

    kind: str
    place: Position
    message: str
    hint: str | None
    mended: list[str] | None = None


def quoted(text: str) -> str:
    """`text` as a YAML scalar in quotes."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def quoting(line: str, column: int) -> str:
    """The advice to quote what stands on `line` from `column` (counted from 1) on."""
    return f"if it is text or code, quote it: `{quoted(line[column - 1 :].strip())}`"


def explain(error: yaml.MarkedYAMLError, lines: list[str]) -> SyntaxProblem:
    """One syntax error, as a person who writes decks needs to hear it."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SyntaxProblem("syntax", Position(1, 1), str(error), None)
    number, column = min(mark.line, len(lines) - 1), mark.column
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        where = Position(number + 1, indent.index("\t") + 1)
        mended = _with_line(lines, number, _indent_above(lines, number) + line.lstrip())
        return SyntaxProblem("tab", where, "a tab in the indentation", "indent with spaces", mended)
    problem = error.problem or ""
    if "quoted scalar" in (error.context or "") and error.context_mark is not None:
        start = error.context_mark
        return _unclosed("a quote that is opened here is never closed", lines, start.line, start.column)
    if "mapping values are not allowed" in problem:
        return _mendable("unquoted-colon", "`: ` inside a value that is not quoted", lines, number, column)
    if "cannot start any token" in problem:
        sign = line[column : column + 1]
        message = "a value cannot begin with " + ("a backtick" if sign == "`" else f"`{sign}`")
        return _mendable("unquoted", message, lines, number, column)
    return _structure(error, problem, lines, number, column)


def _structure(error: yaml.MarkedYAMLError, problem: str, lines: list[str], number: int, column: int) -> SyntaxProblem:
    """Errors of brackets, keys and indentation."""
    context = error.context or ""
    if "flow" in context:
        return _flow(error, lines, number, column)
    if ("'-' indicator" in problem or "expected key" in problem) and _parted(lines[number])[1][:1] in tuple("'\"[{"):
        return _mendable("unquoted", "text goes on after the end of a quoted value or a list", lines, number, column)
    if "'-' indicator" in problem or "expected key" in problem:
        message = "indented differently from the lines it belongs to"
        return SyntaxProblem(
            "indentation", Position(number + 1, column + 1), message, "align it with the entries above"
        )
    if "block sequence entries" in problem:
        message = "a list cannot begin here"
        return SyntaxProblem("syntax", Position(number + 1, column + 1), message, "begin it on a line of its own", None)
    return _mendable("syntax", f"not YAML: {problem}", lines, number, column)


def _flow(error: yaml.MarkedYAMLError, lines: list[str], number: int, column: int) -> SyntaxProblem:
    """A list or a map in brackets: told where it opens, unless it opens on the line of the error."""
    start = error.context_mark
    if start is not None and start.line < number:
        between = "".join(lines[start.line + 1 : number + 1])
        number, column = start.line, start.column
        if "]" in between or "}" in between:
            message = "a `[` or `{` that does not end as YAML expects"
            return SyntaxProblem("syntax", Position(number + 1, column + 1), message, "quote each expression in it")
    rest = _parted(lines[number])[1]
    if rest.count("[") > rest.count("]") or rest.count("{") > rest.count("}"):
        return _unclosed("a `[` or `{` that is opened here is never closed", lines, number, column)
    return _mendable("syntax", "a `[` or `{` that does not end as YAML expects", lines, number, column)


def _mendable(kind: str, message: str, lines: list[str], number: int, column: int) -> SyntaxProblem:
    """A trouble that quotes may cure: says which, and reads on as if they stood there."""
    where = Position(number + 1, column + 1)
    prefix, rest = _parted(lines[number])
    cured = _cured(prefix, rest)
    if cured is None:
        return SyntaxProblem(kind, where, message, "quote texts and expressions that hold YAML's own signs")
    mended = _with_line(lines, number, prefix + cured)
    return SyntaxProblem(kind, where, message, f"quote it: `{cured}`", mended if mended != lines else None)


CLOSING = {"[": "]", "{": "}", "'": "'", '"': '"'}


def _unclosed(message: str, lines: list[str], number: int, column: int) -> SyntaxProblem:
    """A bracket or quote without its end: reads on as if it ended with the line."""
    where = Position(number + 1, column + 1)
    prefix, rest = _parted(lines[number])
    closing = CLOSING.get(rest[:1])
    if closing is None:
        return SyntaxProblem("unclosed", where, message, "close it, or quote the whole value")
    return SyntaxProblem(
        "unclosed", where, message, f"close it: `{rest}{closing}`", _with_line(lines, number, prefix + rest + closing)
    )


def _indent_above(lines: list[str], number: int) -> str:
    """How far line `number` should be indented, by the line above it."""
    above = next((line for line in reversed(lines[:number]) if line.strip()), "")
    deeper = above.rstrip().endswith(":") and not lines[number].lstrip().startswith("- ")
    return " " * (len(above) - len(above.lstrip()) + (2 if deeper or above.lstrip().startswith("- ") else 0))


def _parted(line: str) -> tuple[str, str]:
    """A line's indentation, dashes and key, and the value after them; no value for a line too long to be advised on."""
    match = KEY_OR_DASH.match(line) if len(line) <= LONGEST_LINE else None
    return (match.group(1), match.group(2)) if match else (line, "")


def _cured(prefix: str, rest: str) -> str | None:
    """`rest` of a line in quotes; a list that Python can read keeps its brackets."""
    if not rest or rest[0] in "|>":
        return None
    if rest[0] == "[" and prefix.rstrip().endswith(":") and (items := _python_items(rest)):
        return "[" + ", ".join(quoted(item) for item in items) + "]"
    return quoted(rest)


def _python_items(text: str) -> list[str]:
    """The items of `[…]` as Python would part them; none where it is no list."""
    if len(text) > 2000:
        return []
    try:
        with quiet():
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if not isinstance(tree, ast.List):
        return []
    return [ast.get_source_segment(text, item) or "" for item in tree.elts]


def without_card(lines: list[str], number: int) -> list[str] | None:
    """The lines with the whole card around line `number` blank; None where no card is around it."""
    start = min(number, len(lines)) - 1
    widths = [len(match.group(1)) for line in lines if (match := CARD.match(line))]
    if not widths:
        return None
    width = min(widths)
    while start >= 0 and not _begins(lines[start], width):
        start -= 1
    if start < 0:
        return None
    end = start + 1
    while end < len(lines) and not _begins(lines[end], width):
        end += 1
    return [*lines[:start], *[""] * (end - start), *lines[end:]]


def _begins(line: str, width: int) -> bool:
    match = CARD.match(line)
    return match is not None and len(match.group(1)) == width


def _with_line(lines: list[str], number: int, text: str) -> list[str]:
    return [*lines[:number], text, *lines[number + 1 :]]
