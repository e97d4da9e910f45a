"""The call around the cursor and the signature that is shown for it. Contains no widget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content

MAX_LINES = 40
"""Lines above the cursor that are searched for the start of a call."""

# Strings and comments, in which brackets and commas mean nothing; an open string ends at the cursor.
SKIPPED = re.compile(
    r'"""(?:.*?"""|.*\Z)|\'\'\'(?:.*?\'\'\'|.*\Z)|"(?:\\.|[^"\\\n])*(?:"|\Z|(?=\n))|\'(?:\\.|[^\'\\\n])*(?:\'|\Z|(?=\n))|#[^\n]*',
    re.DOTALL,
)
CALLEE = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*$")
DEFINED = re.compile(r"\b(?:def|class)\s+[A-Za-z_]\w*\s*$")
KEYWORD = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose arguments the cursor is in."""

    name: str
    """The called name, such as `torch.cat`."""

    argument: int
    """Number of the argument at the cursor, from 0."""

    keyword: str = ""
    """Its keyword, if it has one."""


@dataclass(slots=True)
class _Bracket:
    callee: str
    commas: list[int] = field(default_factory=list)
    start: int = 0


def call_at(lines: Sequence[str], row: int, column: int) -> OpenCall | None:
    """Return the innermost call of a plain name whose brackets are open at the cursor; None if there is none."""
    before = "\n".join([*lines[max(0, row - MAX_LINES) : row], lines[row][:column]])
    code = SKIPPED.sub(lambda match: "_" * len(match[0]), before)
    stack: list[_Bracket] = []
    for match in re.finditer(r"[()\[\]{},]", code):
        index, character = match.start(), match[0]
        if character in "([{":
            name = CALLEE.search(code, max(0, index - 200), index) if character == "(" else None
            is_definition = DEFINED.search(code, max(0, index - 200), index) is not None
            stack.append(_Bracket(name[1] if name and not is_definition else "", start=index + 1))
        elif character == "," and stack:
            stack[-1].commas.append(index)
        elif stack and character != ",":
            stack.pop()
    # A tuple, list or index in an argument belongs to the call around it.
    bracket = next((bracket for bracket in reversed(stack) if bracket.callee), None)
    if bracket is None:
        return None
    start = bracket.commas[-1] + 1 if bracket.commas else bracket.start
    keyword = KEYWORD.match(code, start)
    return OpenCall(bracket.callee, len(bracket.commas), keyword[1] if keyword else "")


def split_signature(signature: str) -> tuple[list[str], str]:
    """Return the parameters of `(x, dim=0) -> Tensor`, and the text after the brackets."""
    depth, start, parameters = 0, 1, []
    for index, character in enumerate(signature):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                parameters.append(signature[start:index].strip())
                return [text for text in parameters if text], signature[index + 1 :]
        elif character == "," and depth == 1:
            parameters.append(signature[start:index].strip())
            start = index + 1
    return [text for text in [*parameters, signature[start:].strip()] if text], ""


def current_parameter(parameters: Sequence[str], call: OpenCall) -> int | None:
    """Return the index of the parameter that receives the argument at the cursor; None if there is none."""
    names = [re.split(r"[:=\s]", text.lstrip("*"), maxsplit=1)[0] for text in parameters]
    if call.keyword:
        if call.keyword in names:
            return names.index(call.keyword)
        return next((index for index, text in enumerate(parameters) if text.startswith("**")), None)
    position = 0
    for index, text in enumerate(parameters):
        if text == "/":
            continue
        if text.startswith("*"):
            return index if len(text) > 1 and not text.startswith("**") else None
        if position == call.argument:
            return index
        position += 1
    return None


def render_signature(call: OpenCall, signature: str) -> Content:
    """Return the signature of a call as one line, with the current parameter emphasised."""
    parameters, result = split_signature(signature)
    current = current_parameter(parameters, call)
    parts = [Content.styled(text, "bold underline" if i == current else "") for i, text in enumerate(parameters)]
    return Content(f"{call.name}(") + Content(", ").join(parts) + Content(f"){result}")
