"""Reads one answer or command of line mode: lines up to a full stop, or one line where that is enough."""

from __future__ import annotations

import ast
from collections.abc import Container
from dataclasses import dataclass

from quizapp.commands.line_input import LineInput, UnreadableLine
from quizapp.decks.card import Card, CardKind

ENDS = (".", "。", "．")
"""Lines that end an answer: a full stop, also one of an East Asian keyboard."""

STREAMS = ("stdout", "stderr")
BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class TypedText:
    """A command, an answer, or the lines of an answer that the end of the input cut off."""

    text: str
    is_finished: bool = True


def read_answer(lines: LineInput, card: Card, commands: Container[str]) -> TypedText:
    """Read one answer to `card`, or a command as the only text on the first line.

    Empty lines before the answer do not count; on a terminal, they also announce an answer of several lines. Raises
    UnreadableLine after the last line if one of them was not received as it was typed.
    """
    typed: list[str] = []
    fault: UnreadableLine | None = None
    needs_stop = not lines.is_terminal
    while line := lines.read("... " if typed or (needs_stop and lines.is_terminal) else "> "):
        text = line.rstrip("\r\n")
        fault = fault or lines.fault(line)
        if text.strip() in ENDS:
            return _finished(typed, fault)
        if not typed and text.strip() in commands:
            return TypedText(text.strip())
        if not typed and not text.strip() and not _expects_printed_text(card):
            needs_stop = True
            continue
        typed.append(text)
        if not needs_stop and not (_may_have_lines(card) and lines.has_more()):
            if is_enough(card, "\n".join(typed)):
                return _finished(typed, fault)
            needs_stop = card.kind is CardKind.CODE
    return TypedText(lines.readable("\n".join(typed)), is_finished=False)


def is_enough(card: Card, text: str) -> bool:
    """Return whether the first line, or a block pasted in one go, is an answer without a full stop after it."""
    if card.kind is CardKind.PREDICT:
        return not _expects_printed_text(card) and not _has_open_bracket(text)
    if card.kind is not CardKind.CODE:
        return True
    reference, typed = _parse(card.solution), _parse(text)
    if reference is None or typed is None or not (_is_one_line(card.starter) and _is_one_line(card.solution)):
        return False
    return _targets(reference) <= _targets(typed)


def _finished(typed: list[str], fault: UnreadableLine | None) -> TypedText:
    if fault is not None:
        raise fault
    return TypedText("\n".join(typed))


def _expects_printed_text(card: Card) -> bool:
    """Return whether the answer is printed text, in which each line counts."""
    return card.kind is CardKind.PREDICT and card.checks[0].see.strip() in STREAMS


def _may_have_lines(card: Card) -> bool:
    return card.kind in (CardKind.CODE, CardKind.PREDICT)


def _has_open_bracket(text: str) -> bool:
    """Return whether a bracket outside of quotes is not closed."""
    pending: list[str] = []
    quote = ""
    for character in text:
        if quote or character in "'\"":
            quote = "" if quote == character else quote or character
        elif character in BRACKETS.values():
            pending.append(character)
        elif pending and BRACKETS.get(character) == pending[-1]:
            pending.pop()
    return bool(pending)


def _parse(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_one_line(code: str) -> bool:
    return len(code.strip().splitlines()) <= 1


def _targets(program: ast.Module) -> set[str]:
    """Return what a program assigns to: the names, and the targets such as `x.grad` and `x[0]`."""
    return {
        ast.unparse(node).partition("[")[0]
        for node in ast.walk(program)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
